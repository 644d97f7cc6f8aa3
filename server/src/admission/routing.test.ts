import type { NumberFormat } from '@handset/gateway-config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routableTrunk as trunk } from '../testing/routable-trunk.ts';
import { fullness, type RoutableTrunk, type RoutedCall, route } from './routing.ts';

const call: RoutedCall = { number: '+12025550101', callerId: '+12025550150', emergency: false, seed: 1 };
const order = (trunks: RoutableTrunk[], more: Partial<RoutedCall> = {}) =>
  route({ ...call, ...more }, trunks).attempts.map((attempt) => attempt.trunk);

describe('the attempts at a call', () => {
  it('go to the lowest priority first, then to the next', () => {
    expect(
      order([trunk('b', { priority: 2 }), trunk('a', { priority: 1 }), trunk('c', { priority: 3 })]),
    ).toEqual(['a', 'b', 'c']);
  });

  it('are on each host of a trunk before the next trunk', () => {
    const two = trunk('a', {
      priority: 1,
      hosts: [
        { host: 'one', port: 1 },
        { host: 'two', port: null },
      ],
    });
    expect(route(call, [trunk('b'), two]).attempts.map(({ uri }) => uri)).toEqual([
      'sip:+12025550101@one:1',
      'sip:+12025550101@two',
      'sip:+12025550101@b.example:5060',
    ]);
  });

  it('have numbers and transport as each trunk wants them', () => {
    const national: NumberFormat = {
      form: 'national',
      country: 'KR',
      nationalPrefix: '0',
      internationalPrefix: '00',
    };
    const trunks = [
      trunk('a', { priority: 1, outboundFormat: { form: 'digits' } }),
      trunk('b', { priority: 2, outboundFormat: national, transport: 'tls' }),
    ];
    expect(route(call, trunks).attempts).toMatchObject([
      { uri: 'sip:12025550101@a.example:5060', callerId: '12025550150' },
      { uri: 'sip:0012025550101@b.example:5060;transport=tls', callerId: '0012025550150' },
    ]);
  });

  it('leave a silent host for the end, and the last attempt has all the time it needs', () => {
    const trunks = [
      trunk('dead', { priority: 1, silentHosts: [0] }),
      trunk('b'),
      trunk('c', { priority: 20 }),
    ];
    const { attempts, because } = route(call, trunks);
    expect(attempts.map(({ trunk, progressSeconds }) => [trunk, progressSeconds])).toEqual([
      ['b', 6],
      ['c', 6],
      ['dead', 0],
    ]);
    expect(because.at(-1)).toBe('dead has priority 1, does not answer OPTIONS');
  });

  it('leave out a trunk that is full, and ask for a place on a limited one that comes later', () => {
    const full = trunk('full', { priority: 1, channelLimit: 2, callsUp: 2 });
    const fast = trunk('fast', { priority: 2, callsPerSecond: 5, callsLastSecond: 5 });
    const limited = trunk('limited', { priority: 4, channelLimit: 2, callsUp: 1 });
    const { attempts, because } = route(call, [full, fast, limited, trunk('b', { priority: 3 })]);
    expect(attempts.map(({ trunk, ask }) => [trunk, ask])).toEqual([
      ['b', false],
      ['limited', true],
    ]);
    expect(because.slice(0, 2)).toEqual([
      'full has 2 of 2 calls up',
      'fast was given 5 of 5 calls in the last second',
    ]);
    expect(route(call, [full])).toMatchObject({ attempts: [], isFull: true });
    expect(route({ ...call, emergency: true }, [full]).attempts).toHaveLength(1);
  });

  it('go to trunks of the same priority as their weights say', () => {
    const trunks = [trunk('light', { weight: 1 }), trunk('heavy', { weight: 3 })];
    const first = Array.from(
      { length: 4_000 },
      (_, seed) => order(trunks, { seed: seed * 2_654_435_761 })[0],
    );
    const heavy = first.filter((id) => id === 'heavy').length / first.length;
    expect(heavy).toBeGreaterThan(0.72);
    expect(heavy).toBeLessThan(0.78);
  });

  it('go nowhere where no trunk takes the number', () => {
    const { attempts, isFull, because } = route(call, [trunk('uk', { prefixes: ['+44'] })]);
    expect({ attempts, isFull, because }).toEqual({
      attempts: [],
      isFull: false,
      because: ['no trunk takes this number'],
    });
    expect(order([trunk('uk', { prefixes: ['+44'] })], { number: '112', emergency: true })).toEqual(['uk']);
  });
});

describe('whatever the trunks are', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 3 }));
  const anyTrunks = fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^t[a-z]{1,3}$/),
      priority: fc.integer({ min: 0, max: 2 }),
      weight: fc.integer({ min: 1, max: 5 }),
      prefixes: fc.subarray(['+1', '+1202', '+1202555', '+44']),
      silent: fc.boolean(),
      channelLimit: limit,
      callsPerSecond: limit,
      callsUp: fc.nat(3),
      callsLastSecond: fc.nat(3),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  const run = (check: (trunks: RoutableTrunk[], routed: RoutedCall) => void) =>
    fc.assert(
      fc.property(anyTrunks, fc.nat(), fc.boolean(), (given, seed, emergency) => {
        const trunks = given.map(({ id, silent, ...more }) =>
          trunk(id, { ...more, silentHosts: silent ? [0] : [] }),
        );
        check(trunks, { ...call, seed, emergency });
      }),
      { numRuns: 2_000 },
    );

  it('the same call is routed the same, and the routing says why', () => {
    run((trunks, routed) => {
      const routing = route(routed, trunks);
      expect(route(routed, trunks)).toEqual(routing);
      expect(routing.because.join('')).not.toBe('');
      for (const { trunk } of routing.attempts) expect(routing.because.join('\n')).toContain(`${trunk} has`);
    });
  });

  it('no full trunk is tried, but for emergencies, and no other one is left out', () => {
    run((trunks, routed) => {
      const taking = trunks.filter(
        ({ prefixes }) =>
          routed.emergency ||
          prefixes.length === 0 ||
          prefixes.some((prefix) => call.number.startsWith(prefix)),
      );
      const free = taking.filter((one) => routed.emergency || fullness(one) === undefined);
      expect(order(trunks, routed).toSorted()).toEqual(free.map(({ id }) => id).toSorted());
    });
  });

  it('the most specific prefix wins among those that answer, then the priority', () => {
    run((trunks, routed) => {
      const rank = (id: string) => {
        const found = trunks.find((one) => one.id === id);
        const lengths = (found?.prefixes ?? []).map((prefix) =>
          call.number.startsWith(prefix) ? prefix.length : 0,
        );
        // Only an emergency call comes to a trunk for other numbers, and to all others before.
        const isForeign = lengths.length > 0 && Math.max(...lengths) === 0;
        const unspecific = isForeign ? 21 : 20 - Math.max(0, ...lengths);
        return [found?.silentHosts.length ?? 0, unspecific, found?.priority ?? 0];
      };
      const ranks = order(trunks, routed).map(rank);
      const sorted = ranks.toSorted((a, b) => a.map((x, i) => x - (b[i] ?? 0)).find((x) => x !== 0) ?? 0);
      expect(ranks).toEqual(sorted);
    });
  });
});
