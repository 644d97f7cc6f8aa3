import { type DevicesSnapshot, SOUND_ROLES } from '../call/devices.ts';
import type { CallQuality } from '../call/ports.ts';
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

/** Least scores of one, two, three and four bars: the limits of G.107 annex B between users more and less satisfied. */
const LEAST_SCORES = [2.58, 3.1, 3.6, 4.03] as const;

export interface QualityWords {
  /** From 0 to 4; `undefined` while nothing is known. */
  readonly bars: number | undefined;
  readonly score: string;
  readonly label: string;
  readonly details: string;
}

/** How a call's quality is shown and told. */
export function qualityWords(quality: CallQuality | undefined, { quality: words }: Strings): QualityWords {
  if (quality?.mos === undefined) return { bars: undefined, score: '–', label: words.unknown, details: '' };
  const { mos, lossPercent, jitterMs, roundTripMs } = quality;
  const bars = LEAST_SCORES.filter((least) => mos >= least).length;
  const score = mos.toFixed(1);
  return {
    bars,
    score,
    label: words.label(words.verdicts[bars] ?? '', score),
    details: words.details(
      lossPercent.toFixed(lossPercent < 10 ? 1 : 0),
      jitterMs.toFixed(0),
      roundTripMs.toFixed(0),
    ),
  };
}

/** What there is to say of a call's sound: one sentence a warning. */
export function callNotes(quality: CallQuality | undefined, { quality: words }: Strings): readonly string[] {
  return (quality?.warnings ?? []).map((warning) => words.warnings[warning]);
}
