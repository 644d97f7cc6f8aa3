import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isE164, isExtension, parseNumber } from './identifiers.ts';

describe('numbers', () => {
  test.each([
    ['+1 202 555 0101', 'US'],
    ['(202) 555-0101', 'US'],
    ['202.555.0101', 'US'],
    ['1-202-555-0101', 'US'],
    ['+1 (202) 555 0101', 'KR'],
  ] as const)('%s typed in %s is +12025550101', (typed, country) => {
    expect(parseNumber(typed, country)).toBe('+12025550101');
  });

  test('a national form is read in the configured country', () => {
    expect(parseNumber('010-2345-6789', 'KR')).toBe('+821023456789');
  });

  test.each(['', 'hello', '12', '+', '+1', '++12025550101', '+0123456789'])(
    '%j can be no telephone number',
    (typed) => {
      expect(parseNumber(typed, 'US')).toBeUndefined();
    },
  );

  test('whatever is typed, what comes out is E.164 or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const number = parseNumber(typed, 'US');
        expect(number === undefined || isE164(number)).toBe(true);
      }),
    );
  });
});

test('an extension has two to six digits and does not begin with 0, as trunk prefixes do', () => {
  expect(['10', '1001', '999999'].every(isExtension)).toBe(true);
  expect(['1', '0123', '1000000', '10a1', ''].some(isExtension)).toBe(false);
});
