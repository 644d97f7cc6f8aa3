import { describe, expect, test } from 'vitest';
import type { Key } from '../call/dialled.ts';
import { duration, keyFrequencies, RINGBACK } from './tones.ts';

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
