import { describe, expect, test } from 'vitest';
import type { Key } from '../call/dialled.ts';
import { duration, keyFrequencies, RING, RINGBACK, render } from './tones.ts';

describe('the two frequencies of a key', () => {
  test.each<[Key, number, number]>([
    ['1', 697, 1209],
    ['5', 770, 1336],
    ['9', 852, 1477],
    ['*', 941, 1209],
    ['0', 941, 1336],
    ['#', 941, 1477],
  ])('%s is %i Hz and %i Hz', (key, low, high) => {
    expect(keyFrequencies(key)).toEqual([low, high]);
  });
});

test('ringback comes every six seconds', () => {
  expect(duration(RINGBACK)).toBe(6);
});

describe('a pattern as samples', () => {
  const loudest = (samples: Float32Array) =>
    samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

  test('is as long as the pattern, with its pauses silent', () => {
    const samples = render(RINGBACK, 8_000);
    expect(samples).toHaveLength(48_000);
    expect(loudest(samples.subarray(0, 16_000))).toBeGreaterThan(0.9);
    expect(loudest(samples.subarray(16_000))).toBe(0);
  });

  test('has as many cycles as its pitch', () => {
    const samples = render([{ hertz: [500], seconds: 1, pause: 0 }], 8_000);
    const crossings = samples.filter((sample, i) => sample >= 0 && (samples[i - 1] ?? 0) < 0).length;
    expect(Math.abs(crossings - 500)).toBeLessThanOrEqual(1);
  });

  test('begins and ends without a click, and is never too loud', () => {
    const samples = render(RING, 48_000);
    expect(Math.abs(samples[0] ?? 1)).toBeLessThan(0.01);
    expect(loudest(samples)).toBeLessThanOrEqual(1);
  });
});
