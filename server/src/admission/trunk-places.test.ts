import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../db/database.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { admit } from './admit.ts';
import type { Attempt } from './routing.ts';
import { moveOn } from './trunk-places.ts';

const WORLD = { country: 'US', isSilent: () => false } as const;
const DAY = 24 * 3_600_000;
const SECOND = 1_000;

interface Limits {
  readonly channelLimit: number | null;
  readonly callsPerSecond: number | null;
}

interface Call {
  readonly id: string;
  readonly attempts: readonly Attempt[];
  /** The attempt that it is on; past the last one it has ended. */
  at: number;
}

type Step =
  | { readonly type: 'call' | 'record'; readonly which: number }
  | { readonly type: 'fail'; readonly which: number }
  | { readonly type: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('call' as const), which: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('fail' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('record' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  },
);

let serial = 0;

/** A gateway that makes calls as its dialplan does, and a count of its own of what is on each trunk. */
class Gateway {
  readonly #database: Database;
  readonly #extension: string;
  readonly seen = new Set<string>();
  calls: Call[] = [];
  given: { trunk: string; at: number }[] = [];
  now = DAY;

  constructor(database: Database, extension: string) {
    this.#database = database;
    this.#extension = extension;
  }

  async do(step: Step): Promise<void> {
    if (step.type === 'wait') this.now += step.ms;
    else if (step.type === 'call') await this.#call();
    else {
      const call = this.calls[step.which % Math.max(1, this.calls.length)];
      if (call) await (step.type === 'fail' ? this.#fail(call) : this.end(call));
    }
  }

  async #call(): Promise<void> {
    serial += 1;
    const id = `p${serial}`;
    const question = { callId: id, extension: this.#extension, dialed: '+12025550101' };
    const decision = await admit(this.#database, question, WORLD, () => this.now);
    this.seen.add(decision.decision === 'refuse' ? decision.reason : decision.decision);
    if (decision.decision !== 'trunk') return;
    const call = { id, attempts: decision.attempts, at: 0 };
    this.calls.push(call);
    this.#goneTo(call);
  }

  /** Goes on to the next attempt; asks before where it is told to. */
  async #fail(call: Call): Promise<void> {
    call.at += 1;
    const next = call.attempts[call.at];
    if (!next) return this.end(call);
    const question = { callId: call.id, trunkId: next.trunk };
    if (next.ask && !(await moveOn(this.#database, question, () => this.now))) {
      this.seen.add('full');
      return this.#fail(call);
    }
    this.seen.add(next.ask ? 'asked' : 'unasked');
    this.#goneTo(call);
  }

  #goneTo(call: Call): void {
    const trunk = call.attempts[call.at]?.trunk ?? '';
    this.given.push({ trunk, at: this.now });
  }

  async end(call: Call): Promise<void> {
    this.calls = this.calls.filter((other) => other !== call);
    await this.#database.db
      .insertInto('call_records')
      .values({ call_id: call.id, ended_at: this.now })
      .execute();
  }

  holds(trunk: string, { channelLimit, callsPerSecond }: Limits): void {
    const on = this.calls.filter((call) => call.attempts[call.at]?.trunk === trunk).length;
    const lately = this.given.filter((one) => one.trunk === trunk && one.at > this.now - SECOND).length;
    expect(on).toBeLessThanOrEqual(channelLimit ?? Number.POSITIVE_INFINITY);
    expect(lately).toBeLessThanOrEqual(callsPerSecond ?? Number.POSITIVE_INFINITY);
  }
}

async function addTrunk(server: ServerUnderTest, priority: number, limits: Limits): Promise<string> {
  const hosts = [{ host: `192.0.2.${priority}` }];
  const body = { kind: 'address', name: `T${priority}`, hosts, priority, ...limits };
  return (await server.operate('POST', '/v1/trunks', body)).body.id;
}

describe('under any interleaving of calls and failures', () => {
  it('no trunk has more calls than it may, nor gets them faster', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await server.operate('PATCH', '/v1/trunks/trunk', { enabled: false });
    const limits: [string, Limits][] = [];
    for (const [priority, channelLimit, callsPerSecond] of [
      [1, 2, null],
      [2, null, 2],
      [3, 1, 1],
    ] as const) {
      const limit = { channelLimit, callsPerSecond };
      limits.push([await addTrunk(server, priority, limit), limit]);
    }
    const gateway = new Gateway(server.running.database, extension);
    const run = async (steps: readonly Step[]) => {
      for (const call of [...gateway.calls]) await gateway.end(call);
      gateway.given = [];
      gateway.now += DAY;
      for (const next of steps) {
        await gateway.do(next);
        for (const [trunk, limit] of limits) gateway.holds(trunk, limit);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 });
    for (const seen of ['trunk', 'lines-busy', 'asked', 'full']) expect(gateway.seen).toContain(seen);
  }, 120_000);
});

describe('a place on the next trunk', () => {
  it('is for the gateway alone to ask, and not there on a trunk that is gone', async () => {
    const server = await serverUnderTest();
    const body = { callId: 'c1', trunk: 'trnone' };
    expect((await server.askInternal('POST', '/internal/places', body)).body).toEqual({ granted: false });
    expect((await server.ask('POST', '/internal/places', { body })).status).toBe(404);
  });
});
