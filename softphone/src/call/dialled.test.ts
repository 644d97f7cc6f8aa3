import { describe, expect, test } from 'vitest';
import { dialable, isKey, isShort, typeable } from './dialled.ts';

describe('what people type', () => {
  test.each([
    ['202 555 0101', '2025550101'],
    ['(202) 555-0101', '2025550101'],
    ['+82 2-2123-4567', '+82221234567'],
    ['202.555.0101', '2025550101'],
    ['１０１', '101'],
    ['tel: +1 202 555 0101', '+12025550101'],
    ['+1+2', '+12'],
    ['*98#', '*98#'],
    ['', ''],
  ])('%j is dialled as %j', (typed, dialled) => {
    expect(dialable(typed)).toBe(dialled);
  });

  test('letters never reach the field, separators may stay', () => {
    expect(typeable('ab(202) 555-0101x')).toBe('(202) 555-0101');
  });
});

test('extensions and short codes are told apart from telephone numbers', () => {
  expect(['1001', '911', '10'].every(isShort)).toBe(true);
  expect(['2025550101', '+911', '1', '*98'].some(isShort)).toBe(false);
});

test('only the twelve keys of a telephone are keys', () => {
  expect(isKey('#')).toBe(true);
  expect(isKey('A')).toBe(false);
  expect(isKey('12')).toBe(false);
});
