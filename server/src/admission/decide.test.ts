import type { Country } from '@handset/gateway-config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, NO_LIMITS } from '../policies/rules.ts';
import { routableTrunk } from '../testing/routable-trunk.ts';
import { type Caller, decide, rateFor, readDialed, refusalReasons, type Snapshot } from './decide.ts';
import { NO_USAGE } from './limits.ts';

const ada: Caller = { name: 'Ada', number: '+12025550150', rules: DEFAULT_RULES, usage: NO_USAGE };
const carrier = routableTrunk('trunk', { name: 'Carrier', hosts: [{ host: 'sip.example.com', port: 5060 }] });
const snapshot: Snapshot = {
  country: 'US',
  caller: ada,
  trunks: [carrier],
  seed: 1,
  emergencyNumbers: ['911'],
  limits: NO_LIMITS,
  usage: NO_USAGE,
  rates: [],
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
    expect(dial(dialed)).toMatchObject({ decision: 'refuse', reason: 'number-invalid' });
  });
});

describe('an outgoing call', () => {
  it('goes to the trunk in E.164, from the caller’s own number', () => {
    expect(dial('202 555 0101')).toMatchObject({
      decision: 'trunk',
      number: '+12025550101',
      callerId: '+12025550150',
      callerName: 'Ada',
      attempts: [
        {
          trunk: 'trunk',
          uri: 'sip:+12025550101@sip.example.com:5060',
          callerId: '+12025550150',
          progressSeconds: 0,
          ask: false,
        },
      ],
      maxDurationMs: 14_400_000,
    });
  });

  it('to a number of a user here stays inside, even from a caller without a number', () => {
    const inside = { decision: 'internal', extension: '1002' };
    expect(dial('202 555 0151', { ours: { extension: '1002' } })).toMatchObject(inside);
    const caller = { ...ada, name: 'Eve', number: null };
    expect(dial('202 555 0151', { caller, ours: { extension: '1002' } })).toMatchObject(inside);
  });

  it('to a number of ours that nobody has ends here: it must not come back over the trunk', () => {
    const refused = { decision: 'refuse', reason: 'number-not-found' };
    expect(dial('202 555 0151', { ours: { extension: null } })).toMatchObject(refused);
  });

  it('to an extension stays inside, or is not found', () => {
    expect(dial('1002', { ours: { extension: '1002' } })).toMatchObject({
      decision: 'internal',
      extension: '1002',
    });
    expect(dial('1003')).toMatchObject({ decision: 'refuse', reason: 'number-not-found' });
  });

  it('without a number of one’s own is refused', () => {
    const caller = { ...ada, name: 'Eve', number: null };
    expect(dial('202 555 0101', { caller })).toMatchObject({ decision: 'refuse', reason: 'no-caller-id' });
  });

  it('of an unknown or disabled caller is refused, whatever was dialled', () => {
    for (const dialed of ['202 555 0101', '1002', '', 'x']) {
      expect(dial(dialed, { caller: undefined, ours: { extension: '1002' } })).toMatchObject({
        decision: 'refuse',
        reason: 'not-permitted',
      });
    }
  });
});

describe('any call at all', () => {
  const anySnapshot = fc.record({
    country: fc.constantFrom<Country>('US', 'KR', 'GB', 'DE', 'IT'),
    caller: fc.option(
      fc.record({
        name: fc.string(),
        number: fc.option(fc.constant('+12025550150')),
        rules: fc.record({ allowedCountries: fc.subarray(['home', 'KR', 'GB', 'all']) }).map((rules) => ({
          ...DEFAULT_RULES,
          ...rules,
        })),
        usage: fc.constant(NO_USAGE),
      }),
      { nil: undefined },
    ),
    ours: fc.option(fc.record({ extension: fc.option(fc.constant('1002')) }), { nil: undefined }),
    trunks: fc.subarray([carrier]),
    seed: fc.nat(),
    emergencyNumbers: fc.constant(['112', '911']),
    limits: fc.constant(NO_LIMITS),
    usage: fc.constant(NO_USAGE),
    rates: fc.constant([]),
  });
  const anyDialed = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'0123456789+*#-() .') }),
    fc.constantFrom('202 555 0101', '+82 2 312 3456', '1002', '911'),
  );

  it('is decided, always the same, says why, and goes out only as E.164 under the caller’s own number', () => {
    fc.assert(
      fc.property(anyDialed, anySnapshot, (dialed, given) => {
        const request = { extension: '1001', dialed };
        const decision = decide(request, given);
        expect(decide(request, given)).toEqual(decision);
        expect(decision.because.join('')).not.toBe('');
        if (decision.decision === 'refuse') expect(refusalReasons).toContain(decision.reason);
        if (decision.decision === 'trunk' && decision.emergency) {
          expect(given.emergencyNumbers).toContain(dialed.trim());
        } else if (decision.decision === 'trunk') {
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

describe('an emergency call', () => {
  it('needs no permission, no number, no limit and not even a known caller', () => {
    const nothing = { concurrentCalls: 0, callsPerMinute: 0, minutesPerDay: 0, spendPerDay: '0.00' };
    const caller = {
      ...ada,
      number: null,
      rules: { ...DEFAULT_RULES, ...nothing, deniedCountries: ['all'] },
    };
    for (const change of [{ caller: undefined }, { caller }, { limits: nothing }]) {
      expect(dial(' 911 ', change)).toMatchObject({ decision: 'trunk', number: '911', emergency: true });
    }
    expect(dial('911')).toMatchObject({ callerId: '+12025550150' });
    expect(dial('911', { caller: undefined })).toMatchObject({ callerId: '1001' });
  });
});

describe('the rate of a number', () => {
  it('is that of the most specific prefix', () => {
    const rates = ['+4', '+44', '+447', '+4479'].map((prefix, perMinuteMicros) => ({
      prefix,
      perMinuteMicros,
    }));
    expect(rateFor('+447700900123', rates)?.prefix).toBe('+447');
    expect(rateFor('+4479460018', rates.toReversed())?.prefix).toBe('+4479');
    expect(rateFor('+12025550101', rates)).toBeUndefined();
  });
});
