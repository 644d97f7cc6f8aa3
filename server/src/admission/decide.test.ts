import type { Country } from '@handset/gateway-config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, readDialed, type Snapshot } from './decide.ts';

const ada = { name: 'Ada', number: '+12025550150' };
const snapshot: Snapshot = {
  country: 'US',
  caller: ada,
  trunks: ['trunk'],
  maxDurationMs: 14_400_000,
};
const dial = (dialed: string, change: Partial<Snapshot> = {}) =>
  decide({ extension: '1001', dialed }, { ...snapshot, ...change });

describe('what was dialled', () => {
  const read: [string, Country, string][] = [
    ['+12025550101', 'US', '+12025550101'],
    ['2025550101', 'US', '+12025550101'],
    ['12025550101', 'US', '+12025550101'],
    ['(202) 555-0101', 'US', '+12025550101'],
    [' 202.555.0101 ', 'US', '+12025550101'],
    ['+82 2-312-3456', 'US', '+8223123456'],
    ['011 82 2 312 3456', 'US', '+8223123456'],
    ['02-312-3456', 'KR', '+8223123456'],
    ['010 1234 5678', 'KR', '+821012345678'],
    ['00700 1 202 555 0101', 'KR', '+12025550101'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['00442079460958', 'DE', '+442079460958'],
  ];
  it.each(read)('%j in %s is %s', (dialed, country, number) => {
    expect(readDialed(dialed, country)).toEqual({ kind: 'number', number });
  });

  it.each(['1001', '42', '999999'])('%s is an extension', (extension) => {
    expect(readDialed(extension, 'US')).toEqual({ kind: 'extension', extension });
  });

  it.each([
    '',
    '+',
    '*',
    'abc',
    '5',
    '+1',
    '0',
    '1234567890123456789',
    '+999 1234 5678 90',
    'sip:eve@evil.example',
    '😀',
  ])('%j is no number', (dialed) => {
    expect(readDialed(dialed, 'US')).toEqual({ kind: 'invalid' });
    expect(dial(dialed)).toEqual({ decision: 'refuse', reason: 'number-invalid' });
  });
});

describe('an outgoing call', () => {
  it('goes to the trunk in E.164, from the caller’s own number', () => {
    expect(dial('202 555 0101')).toEqual({
      decision: 'trunk',
      number: '+12025550101',
      callerId: '+12025550150',
      callerName: 'Ada',
      attempts: ['trunk'],
      maxDurationMs: 14_400_000,
    });
  });

  it('to a number of a user here stays inside, even from a caller without a number', () => {
    const inside = { decision: 'internal', extension: '1002' };
    expect(dial('202 555 0151', { ours: { extension: '1002' } })).toEqual(inside);
    const caller = { name: 'Eve', number: null };
    expect(dial('202 555 0151', { caller, ours: { extension: '1002' } })).toEqual(inside);
  });

  it('to a number of ours that nobody has ends here: it must not come back over the trunk', () => {
    const refused = { decision: 'refuse', reason: 'number-not-found' };
    expect(dial('202 555 0151', { ours: { extension: null } })).toEqual(refused);
  });

  it('to an extension stays inside, or is not found', () => {
    expect(dial('1002', { ours: { extension: '1002' } })).toEqual({
      decision: 'internal',
      extension: '1002',
    });
    expect(dial('1003')).toEqual({ decision: 'refuse', reason: 'number-not-found' });
  });

  it('without a number of one’s own is refused', () => {
    const caller = { name: 'Eve', number: null };
    expect(dial('202 555 0101', { caller })).toEqual({ decision: 'refuse', reason: 'no-caller-id' });
  });

  it('of an unknown or disabled caller is refused, whatever was dialled', () => {
    for (const dialed of ['202 555 0101', '1002', '', 'x']) {
      expect(dial(dialed, { caller: undefined, ours: { extension: '1002' } })).toEqual({
        decision: 'refuse',
        reason: 'not-permitted',
      });
    }
  });
});

describe('any call at all', () => {
  const anySnapshot = fc.record({
    country: fc.constantFrom<Country>('US', 'KR', 'GB', 'DE', 'IT'),
    caller: fc.option(fc.record({ name: fc.string(), number: fc.option(fc.constant('+12025550150')) }), {
      nil: undefined,
    }),
    ours: fc.option(fc.record({ extension: fc.option(fc.constant('1002')) }), { nil: undefined }),
    trunks: fc.constant(['trunk']),
    maxDurationMs: fc.constant(1),
  });
  const anyDialed = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'0123456789+*#-() .') }),
    fc.constantFrom('202 555 0101', '+82 2 312 3456', '1002'),
  );

  it('is decided, always the same, and goes out only as E.164 under the caller’s own number', () => {
    fc.assert(
      fc.property(anyDialed, anySnapshot, (dialed, given) => {
        const request = { extension: '1001', dialed };
        const decision = decide(request, given);
        expect(decide(request, given)).toEqual(decision);
        if (decision.decision === 'trunk') {
          expect(decision.number).toMatch(/^\+[1-9]\d{6,14}$/);
          expect(decision.callerId).toBe(given.caller?.number);
          expect(given.ours).toBeUndefined();
        }
        if (decision.decision === 'internal') expect(decision.extension).toBe(given.ours?.extension);
      }),
      { numRuns: 2_000 },
    );
  });
});
