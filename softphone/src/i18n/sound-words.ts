import { type DevicesSnapshot, SOUND_ROLES } from '../call/devices.ts';
import type { Strings } from './strings.ts';

/** What there is to say of devices that are chosen and not there: one sentence a device. */
export function deviceNotes(snapshot: DevicesSnapshot, { sound }: Strings): readonly string[] {
  if (snapshot.microphoneLost) return [sound.microphoneLost];
  const missing = SOUND_ROLES.flatMap((role) => {
    const { chosen, missing } = snapshot[role];
    return missing && chosen !== undefined ? [{ role, label: chosen.label }] : [];
  });
  const labels = [...new Set(missing.map(({ label }) => label))];
  return labels.map((label) => {
    const [first, ...others] = missing.filter((device) => device.label === label);
    const word = others.length > 0 || first === undefined ? 'all' : first.role;
    return sound.missing[word](label);
  });
}
