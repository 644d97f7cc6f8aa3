import { type Fault, Problem } from '../http/problem.ts';
import { faultsIn, wordsOf } from '../http/validate.ts';
import { presetOf } from './presets.ts';
import type { NewTrunk } from './schemas.ts';
import {
  CREDENTIAL_DEFAULTS,
  REGISTRATION_DEFAULTS,
  TRUNK_DEFAULTS,
  type TrunkSettings,
  trunkSettingsSchema,
} from './settings.ts';

const OF_KIND = { address: {}, digest: CREDENTIAL_DEFAULTS, registration: REGISTRATION_DEFAULTS };

/**
 * A new trunk with all that its preset and the defaults give it.
 * @throws Problem naming every faulty field
 */
export function completeTrunk(given: NewTrunk): TrunkSettings {
  const { preset: _preset, password: _password, ...said } = { password: undefined, ...given };
  const defaults = { ...TRUNK_DEFAULTS, ...OF_KIND[given.kind], ...presetOf(given) };
  return checkTrunk({ ...defaults, ...present(said) });
}

/** Without the fields that were not given. */
export function present(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws Problem naming every faulty field: none of them reaches the gateway */
export function checkTrunk(settings: object): TrunkSettings {
  const parsed = trunkSettingsSchema.safeParse(settings, { error: wordsOf });
  const faults = parsed.success ? faultsBetween(parsed.data) : faultsIn(parsed.error);
  if (parsed.success && faults.length === 0) return parsed.data;
  const fields = faults.map(({ field }) => field).join(', ');
  throw new Problem('invalid-request', `Please mend: ${fields}.`, { faults });
}

/** What is wrong only together. */
function faultsBetween(trunk: TrunkSettings): Fault[] {
  const faults: Fault[] = [];
  if (trunk.callerIdHeader === 'pai' && trunk.fromUser === null) {
    faults.push({ field: 'fromUser', message: 'must say what stands in From where callerIdHeader is pai' });
  }
  if (trunk.srtp === 'required' && trunk.transport !== 'tls') {
    faults.push({
      field: 'srtp',
      message: 'can be required over tls alone: its keys travel in the signalling',
    });
  }
  if (new Set(trunk.hosts.map(({ host, port }) => `${host}:${port}`)).size < trunk.hosts.length) {
    faults.push({ field: 'hosts', message: 'must not have the same twice' });
  }
  return faults;
}
