import type { Sound } from './wav.ts';

const LOWEST_HERTZ = 200;
const HIGHEST_HERTZ = 3_400;
/** Quieter than this (root mean square, full scale 1) is silence. */
export const SILENCE = 0.003;

/** A pitch that stands out of a sound. */
export interface Pitch {
  readonly hertz: number;
  /** The part of the sound's whole power that is in it, 0 to 1: near 1 for a pure tone, far below for speech. */
  readonly share: number;
}

/** The strongest pitch of a sound in the telephone band, or `undefined` where there is silence. */
export function findPitch(sound: Sound): Pitch | undefined {
  if (loudness(sound.samples) < SILENCE) return undefined;
  const { rate, samples } = thinned(sound);
  const windowed = hann(samples);
  const strongest = (from: number, to: number, step: number): Pitch => {
    let best: Pitch = { hertz: 0, share: 0 };
    for (let hertz = from; hertz <= to; hertz += step) {
      const share = shareAt(windowed, rate, hertz);
      if (share > best.share) best = { hertz, share };
    }
    return best;
  };
  // Under the window a tone is four bins wide, so that no step of one bin misses it.
  const bin = rate / samples.length;
  const { hertz } = strongest(LOWEST_HERTZ, HIGHEST_HERTZ, bin);
  return strongest(hertz - bin, hertz + bin, bin / 8);
}

/** Enough samples a second for the telephone band, and for what lies above it to stay there. */
const LEAST_RATE = 12_000;

/** The same sound with fewer samples, where it has more than are needed: each is the mean of several. */
function thinned({ rate, samples }: Sound): Sound {
  const each = Math.floor(rate / LEAST_RATE);
  if (each < 2) return { rate, samples };
  const fewer = new Float32Array(Math.floor(samples.length / each));
  for (let i = 0; i < fewer.length * each; i++) {
    const at = Math.floor(i / each);
    fewer[at] = (fewer[at] ?? 0) + (samples[i] ?? 0) / each;
  }
  return { rate: rate / each, samples: fewer };
}

/**
 * The microphones' sound pauses for a third of the time: of two that pause in their own time, some piece of this length
 * has both, whole.
 */
export const MIX_SECONDS = 0.1;
/** The part of the power in a mix that each of its tones has at least. */
const LEAST_SHARE_IN_MIX = 0.015;
/** The part that they have together. Loud ones add up to more than there is room for, which makes other tones. */
const LEAST_SHARE_OF_MIX = 0.6;

/** Whether a sound of {@link MIX_SECONDS} is a mix of tones of these pitches, and of little else. */
export function isMixOf(sound: Sound, pitches: readonly number[]): boolean {
  const shares = sharesOf(sound, pitches);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.every((share) => share >= LEAST_SHARE_IN_MIX) && sum >= LEAST_SHARE_OF_MIX;
}

/** The part of a sound's power at each of these pitches; nothing where there is silence. */
export function sharesOf(sound: Sound, pitches: readonly number[]): number[] {
  if (loudness(sound.samples) < SILENCE) return pitches.map(() => 0);
  const windowed = hann(sound.samples);
  return pitches.map((hertz) => shareAt(windowed, sound.rate, hertz));
}

/** Root mean square of the samples. */
export function loudness(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;
/** Two sines of about the same strength hold nearly half of the power each. */
const LEAST_SHARE_OF_ONE = 0.25;

/** The keypad digit whose two tones (ITU-T Q.23) a sound consists of, or `undefined`. */
export function findKey(sound: Sound): string | undefined {
  if (loudness(sound.samples) < SILENCE) return undefined;
  const windowed = hann(sound.samples);
  const strongest = (tones: readonly number[]): number =>
    tones
      .map((hertz, index) => ({ index, share: shareAt(windowed, sound.rate, hertz) }))
      .filter(({ share }) => share >= LEAST_SHARE_OF_ONE)
      .sort((a, b) => b.share - a.share)[0]?.index ?? -1;
  return KEYS[strongest(ROWS)]?.[strongest(COLUMNS)];
}

/** Half the shortest tone that a telephone must know (ITU-T Q.24: 40 ms). */
const KEY_STEP_SECONDS = 0.02;
/** A shorter pause within a tone, 60 ms, is a flaw of playing; people and machines pause longer between two keys. */
const PAUSE_STEPS = 3;

/** All keypad digits in a sound, in their order. The same digit twice counts twice where there is a pause between. */
export function findKeys({ rate, samples }: Sound): string {
  const step = Math.round(KEY_STEP_SECONDS * rate);
  let keys = '';
  let silentSteps = PAUSE_STEPS;
  for (let at = 0; at + 2 * step <= samples.length; at += step) {
    const key = findKey({ rate, samples: samples.subarray(at, at + 2 * step) });
    if (key !== undefined && (silentSteps >= PAUSE_STEPS || !keys.endsWith(key))) keys += key;
    silentSteps = key === undefined ? silentSteps + 1 : 0;
  }
  return keys;
}

/** Long enough to tell a pitch by, short enough to see a gap. */
const GAP_WINDOW_SECONDS = 0.04;
const GAP_STEP_SECONDS = 0.02;
const LEAST_SHARE_OF_TONE = 0.5;

/** The longest time, in milliseconds and in steps of 20, for which a sound is not a tone of that pitch. */
export function longestGap({ rate, samples }: Sound, hertz: number): number {
  const step = Math.round(GAP_STEP_SECONDS * rate);
  const span = Math.round(GAP_WINDOW_SECONDS * rate);
  let longest = 0;
  let gap = 0;
  for (let at = 0; at + span <= samples.length; at += step) {
    const window = samples.subarray(at, at + span);
    const sounds = loudness(window) >= SILENCE && shareAt(hann(window), rate, hertz) >= LEAST_SHARE_OF_TONE;
    gap = sounds ? 0 : gap + 1;
    longest = Math.max(longest, gap);
  }
  return Math.round(longest * GAP_STEP_SECONDS * 1_000);
}

interface Windowed {
  readonly samples: Float32Array;
  readonly weight: number;
  readonly power: number;
}

/** The samples under a Hann window, so that a tone that does not fit the span a whole number of times stays sharp. */
function hann(samples: Float32Array): Windowed {
  const window = samples.map((_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length));
  return {
    samples: samples.map((sample, i) => sample * (window[i] ?? 0)),
    weight: window.reduce((sum, value) => sum + value, 0),
    power: loudness(samples) ** 2,
  };
}

/** The share of the power at one pitch (Goertzel's algorithm). */
function shareAt({ samples, weight, power }: Windowed, rate: number, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample + turn * last - before;
    before = last;
    last = next;
  }
  const squared = last * last + before * before - turn * last * before;
  return (2 * squared) / (weight * weight * power);
}
