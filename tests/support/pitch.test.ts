import { expect, test } from 'vitest';
import { findKey, findKeys, findPitch, longestGap } from './pitch.ts';
import { decodeWav, encodeWav, type Sound, tone } from './wav.ts';

const mixed = (first: Sound, second: Sound): Sound => ({
  rate: first.rate,
  samples: first.samples.map((sample, i) => (sample + (second.samples[i] ?? 0)) / 2),
});

test.each([[300], [1004], [1733.5], [3200]])('finds a tone of %d Hz', (hertz) => {
  const pitch = findPitch(tone(hertz, 0.2));
  expect(pitch?.hertz).toBeGreaterThan(hertz - 5);
  expect(pitch?.hertz).toBeLessThan(hertz + 5);
  expect(pitch?.share).toBeGreaterThan(0.9);
});

test('finds no pitch in silence', () => {
  expect(findPitch({ rate: 8000, samples: new Float32Array(1600) })).toBeUndefined();
});

test('tells noise from a tone', () => {
  let seed = 1;
  const noise = Float32Array.from({ length: 9600 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  });
  expect(findPitch({ rate: 48_000, samples: noise })?.share).toBeLessThan(0.1);
});

test('of two tones neither is the whole sound', () => {
  expect(findPitch(mixed(tone(600, 0.2), tone(1500, 0.2)))?.share).toBeLessThan(0.6);
});

test.each([
  ['1', 697, 1209],
  ['0', 941, 1336],
  ['#', 941, 1477],
])('knows the key %s by its two tones', (key, row, column) => {
  expect(findKey(mixed(tone(row, 0.1), tone(column, 0.1)))).toBe(key);
});

test('knows no key in a single tone', () => {
  expect(findKey(tone(770, 0.1))).toBeUndefined();
});

test('reads the keys of a whole sound, the same one twice too', () => {
  const pause = new Float32Array(0.12 * 48_000);
  const five = mixed(tone(770, 0.08), tone(1336, 0.08)).samples;
  const star = mixed(tone(941, 0.08), tone(1209, 0.08)).samples;
  const parts = [pause, five, pause, five, pause, star, pause];
  expect(findKeys({ rate: 48_000, samples: Float32Array.from(parts.flatMap((part) => [...part])) })).toBe(
    '55*',
  );
});

test('a tone that is interrupted for a moment is one key', () => {
  const { rate, samples } = mixed(tone(770, 0.2), tone(1336, 0.2));
  samples.fill(0, 0.08 * rate, 0.1 * rate);
  expect(findKeys({ rate, samples })).toBe('5');
});

test('a tone that never stops has no gap, and one that does has it where it is', () => {
  const { rate, samples } = tone(1004, 1);
  expect(longestGap({ rate, samples }, 1004)).toBe(0);
  expect(longestGap({ rate, samples }, 620)).toBeGreaterThan(900);
  samples.fill(0, 0.3 * rate, 0.45 * rate);
  expect(longestGap({ rate, samples }, 1004)).toBeGreaterThanOrEqual(120);
  expect(longestGap({ rate, samples }, 1004)).toBeLessThanOrEqual(180);
});

test('a sound goes through a WAV file unharmed', () => {
  const sound = tone(440, 0.1, 8000);
  const read = decodeWav(encodeWav(sound));
  expect(read.rate).toBe(8000);
  expect(read.samples.length).toBe(sound.samples.length);
  expect(
    Math.max(...read.samples.map((sample, i) => Math.abs(sample - (sound.samples[i] ?? 9)))),
  ).toBeLessThan(0.001);
});
