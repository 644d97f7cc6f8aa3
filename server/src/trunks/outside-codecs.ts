import { type Codec, outsideCodecs, type Settings } from '@handset/gateway-config';
import type { Db } from '../db/database.ts';
import { loadTrunks } from './stored.ts';

/** With what phones are to call outside, as the trunks are now. */
export async function loadOutsideCodecs(db: Db, settings: Settings): Promise<readonly Codec[]> {
  const enabled = (await loadTrunks(db)).filter(({ settings: trunk }) => trunk.enabled);
  return outsideCodecs(
    settings,
    enabled.map(({ settings: trunk }) => trunk.codecs),
  );
}
