import type { AmiClient } from './ami.ts';

/** The cache of access lists, as `sorcery.conf` names it. */
const CACHE = 'bans';

/**
 * Has the gateway read its access list anew; without this it does so within 30 s.
 * @throws AmiError where the gateway can't be asked
 */
export async function readBansAnew(ami: AmiClient): Promise<void> {
  await ami.send('SorceryMemoryCachePopulate', { Cache: CACHE });
}
