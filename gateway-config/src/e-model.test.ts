import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mos, type Transmission, transmissionRating } from './e-model.ts';

const clean = { lossPercent: 0, jitterMs: 0, roundTripMs: 0 };
const any: fc.Arbitrary<Transmission> = fc.record({
  lossPercent: fc.double({ min: 0, max: 100, noNaN: true }),
  jitterMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  roundTripMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
});

describe('the E-model', () => {
  test('gives a faultless connection R = 93.2 and 4.41, the best there is', () => {
    expect(transmissionRating(clean)).toBe(93.2);
    expect(mos(clean)).toBe(4.41);
  });

  // Idd of G.107 by hand: 25 · {(1 + X⁶)^⅙ − 3·(1 + (X/3)⁶)^⅙ + 2} with X = lb(Ta / 100).
  test.each([
    [100, 93.2],
    [200, 93.2 - 3.044],
    [400, 93.2 - 24.07],
  ])('rates a one-way delay of %i ms', (delay, rating) => {
    expect(transmissionRating({ ...clean, roundTripMs: 2 * (delay - 20) })).toBeCloseTo(rating, 2);
  });

  test('rates 1 % loss as annoying to few, 5 % as to some, 25 % as to nearly all', () => {
    expect([1, 5, 25].map((lossPercent) => mos({ ...clean, lossPercent }))).toEqual([4.33, 3.92, 2.36]);
  });

  test('never gives more for a worse connection, and always from 1 to 4.41', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const worst = {
          lossPercent: Math.max(a.lossPercent, b.lossPercent),
          jitterMs: Math.max(a.jitterMs, b.jitterMs),
          roundTripMs: Math.max(a.roundTripMs, b.roundTripMs),
        };
        expect(mos(worst)).toBeLessThanOrEqual(mos(a));
        expect(mos(worst)).toBeGreaterThanOrEqual(1);
        expect(mos(a)).toBeLessThanOrEqual(4.41);
      }),
    );
  });
});
