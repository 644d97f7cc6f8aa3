import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarise } from './statistics.ts';

test('one value is its own summary', () => {
  expect(summarise([7])).toEqual({ n: 1, median: 7, quartiles: [7, 7], least: 7, most: 7 });
});

test('an odd number of values has a middle one', () => {
  expect(summarise([9, 1, 5, 3, 7])).toEqual({ n: 5, median: 5, quartiles: [3, 7], least: 1, most: 9 });
});

test('between an even number of values the middle is halfway', () => {
  expect(summarise([4, 1, 3, 2]).median).toBe(2.5);
});

test('no values have no summary', () => {
  expect(() => summarise([])).toThrow(RangeError);
});

test('the order of the values does not matter, and the parts are in order', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
  fc.assert(
    fc.property(values, (some) => {
      const { least, quartiles, median, most, n } = summarise(some);
      expect(summarise(some.toReversed())).toEqual({ least, quartiles, median, most, n });
      expect([least, quartiles[0], median, quartiles[1], most]).toEqual(
        [least, quartiles[0], median, quartiles[1], most].toSorted((a, b) => a - b),
      );
    }),
  );
});
