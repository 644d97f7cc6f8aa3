import { beforeAll, describe, expect, test } from 'vitest';
import {
  formatInternational,
  formatNumber,
  formatTyped,
  loadNumberPlans,
  normalise,
} from './number-format.ts';

test('before the numbering plans are there, numbers are shown and sent as typed', () => {
  expect(formatNumber('+12025550101', 'US')).toBe('+12025550101');
  expect(formatTyped('2025550', 'US')).toBe('2025550');
  expect(normalise('202 555-0101', 'US')).toBe('2025550101');
});

describe('with the numbering plans', () => {
  beforeAll(loadNumberPlans);

  test('a number at home is shown in national form, one abroad in international form', () => {
    expect(formatNumber('+12025550101', 'US')).toBe('(202) 555-0101');
    expect(formatNumber('+12025550101', 'KR')).toBe('+1 202 555 0101');
    expect(formatNumber('+82221234567', 'KR')).toBe('02-2123-4567');
    expect(formatInternational('+12025550150', 'US')).toBe('+1 202 555 0150');
  });

  test('a number is spaced while it is typed', () => {
    expect(formatTyped('2025550', 'US')).toBe('(202) 555-0');
    expect(formatTyped('+821012345678', 'US')).toBe('+82 10 1234 5678');
  });

  test.each(['1001', '911', '*98#'])('%s is no telephone number and stays as it is', (text) => {
    expect(formatNumber(text, 'US')).toBe(text);
    expect(formatTyped(text, 'US')).toBe(text);
  });

  test('a caller without a number is shown by what is known', () => {
    expect(formatNumber('anonymous', 'US')).toBe('anonymous');
  });

  test.each([
    ['(202) 555-0101', 'US', '+12025550101'],
    ['1 202 555 0101', 'US', '+12025550101'],
    ['010-1234-5678', 'KR', '+821012345678'],
    ['1001', 'US', '1001'],
    ['112', 'KR', '112'],
    ['+1 202', 'US', '+1202'],
  ])('%s in %s is sent as %s', (typed, country, sent) => {
    expect(normalise(typed, country)).toBe(sent);
  });
});
