import type { Key } from '../call/dialled.ts';

/** One sound: frequencies in hertz together, for so many seconds, then a pause. */
export interface Beat {
  readonly hertz: readonly number[];
  readonly seconds: number;
  readonly pause: number;
}

const LOW = [697, 770, 852, 941] as const;
const HIGH = [1209, 1336, 1477] as const;
const ROWS = ['123', '456', '789', '*0#'] as const;

/** The two frequencies of a key (ITU-T Q.23). */
export function keyFrequencies(key: Key): readonly [number, number] {
  const row = ROWS.findIndex((keys) => keys.includes(key));
  const column = ROWS[row]?.indexOf(key) ?? 0;
  return [LOW[row] ?? LOW[0], HIGH[column] ?? HIGH[0]];
}

/** The ringing that a caller hears, as most of the world and North America knows it (ITU-T E.180). */
export const RINGBACK: readonly Beat[] = [{ hertz: [440, 480], seconds: 2, pause: 4 }];

/** Two rising fifths, soft: the phone's own ring. */
export const RING: readonly Beat[] = [
  { hertz: [659.3, 1318.5], seconds: 0.16, pause: 0.02 },
  { hertz: [987.8, 1975.5], seconds: 0.22, pause: 0.12 },
  { hertz: [659.3, 1318.5], seconds: 0.16, pause: 0.02 },
  { hertz: [987.8, 1975.5], seconds: 0.34, pause: 1.9 },
];

/** Two short soft knocks, seldom enough to be talked over (cf. ITU-T E.180 §10). */
export const CALL_WAITING: readonly Beat[] = [
  { hertz: [440], seconds: 0.2, pause: 0.15 },
  { hertz: [440], seconds: 0.2, pause: 4.5 },
];

export const BUSY: readonly Beat[] = [
  { hertz: [480, 620], seconds: 0.5, pause: 0.5 },
  { hertz: [480, 620], seconds: 0.5, pause: 0.5 },
  { hertz: [480, 620], seconds: 0.5, pause: 0 },
];

export const FAILED: readonly Beat[] = [
  { hertz: [480, 620], seconds: 0.25, pause: 0.25 },
  { hertz: [480, 620], seconds: 0.25, pause: 0 },
];

/** How long a pattern takes, in seconds. */
export function duration(pattern: readonly Beat[]): number {
  return pattern.reduce((sum, { seconds, pause }) => sum + seconds + pause, 0);
}

/** So long a beat takes to swell and to fade, in seconds: a tone cut off clicks. */
const SOFT_EDGE = 0.012;

/** The samples of a pattern, its last pause included, at full scale. */
export function render(pattern: readonly Beat[], rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(duration(pattern) * rate));
  let start = 0;
  for (const { hertz, seconds, pause } of pattern) {
    const count = Math.min(Math.round(seconds * rate), samples.length - Math.round(start));
    for (let i = 0; i < count; i++) {
      const edge = Math.min(1, i / (SOFT_EDGE * rate), (count - i) / (SOFT_EDGE * rate));
      const wave = hertz.reduce((sum, pitch) => sum + Math.sin((2 * Math.PI * pitch * i) / rate), 0);
      samples[Math.round(start) + i] = (edge * wave) / hertz.length;
    }
    start += (seconds + pause) * rate;
  }
  return samples;
}
