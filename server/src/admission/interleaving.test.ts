import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../db/database.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { admit } from './admit.ts';
import { costOf } from './limits.ts';

const MINUTE = 60_000;
const WORLD = { country: 'US', isSilent: () => false } as const;
const DAY = 24 * 60 * MINUTE;
const PRICE_MICROS = 100_000;

const ofUser = { concurrentCalls: 2, callsPerMinute: 3, minutesPerDay: 20, spendPerDay: '1.50' };
const ofAll = { concurrentCalls: 3, callsPerMinute: 4, minutesPerDay: 30, spendPerDay: '2.00' };

/** What happens, one after the other; the calls of a burst all at the same moment. */
type Step =
  | { readonly type: 'call'; readonly who: number }
  | { readonly type: 'burst'; readonly who: readonly number[] }
  | { readonly type: 'hangup'; readonly which: number; readonly spoken: number }
  | { readonly type: 'lose'; readonly which: number }
  | { readonly type: 'wait'; readonly ms: number };

const which = fc.nat(9);
const wait = (max: number) =>
  fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('call' as const), who: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('burst' as const),
      who: fc.array(fc.nat(1), { minLength: 2, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('hangup' as const),
      which,
      spoken: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lose' as const), which }) },
  { weight: 2, arbitrary: wait(MINUTE) },
  { weight: 2, arbitrary: wait(10 * MINUTE) },
  { weight: 1, arbitrary: wait(2 * DAY) },
);

interface Call {
  readonly id: string;
  readonly who: number;
  readonly at: number;
  /** When the gateway ends it by itself. */
  readonly due: number;
  state: 'up' | 'ended' | 'lost';
  endedAt: number;
  usedMs: number;
}

let serial = 0;

/** Users who call, a gateway that ends calls and writes records, and a count of its own of all that. */
class World {
  /** One for each server. */
  readonly #databases: readonly [Database, ...Database[]];
  readonly #extensions: readonly string[];
  readonly answers = new Set<string>();
  calls: Call[] = [];
  now = DAY;

  constructor(databases: readonly [Database, ...Database[]], extensions: readonly string[]) {
    this.#databases = databases;
    this.#extensions = extensions;
  }

  async do(step: Step): Promise<void> {
    switch (step.type) {
      case 'call':
        return this.call(step.who);
      case 'burst':
        await Promise.all(step.who.map((who) => this.call(who)));
        return;
      case 'hangup':
        return this.#hangup(this.#pick(step.which), step.spoken);
      case 'lose': {
        // The gateway was killed: its call is gone, and no record of it ever comes.
        const lost = this.#pick(step.which);
        if (lost) lost.state = 'lost';
        return;
      }
      case 'wait':
        return this.#wait(step.ms);
    }
  }

  async call(who: number): Promise<void> {
    serial += 1;
    const id = `c${serial}`;
    const question = { callId: id, extension: this.#extensions[who] ?? '', dialed: '+12025550101' };
    const database = this.#databases[serial % this.#databases.length] ?? this.#databases[0];
    const decision = await admit(database, question, WORLD, () => this.now);
    this.answers.add(decision.decision === 'refuse' ? decision.reason : decision.decision);
    if (decision.decision !== 'trunk') return;
    const due = this.now + decision.maxDurationMs;
    this.calls.push({ id, who, at: this.now, due, state: 'up', endedAt: 0, usedMs: 0 });
  }

  #pick(which: number): Call | undefined {
    const up = this.calls.filter(({ state }) => state === 'up');
    return up[which % Math.max(1, up.length)];
  }

  async #hangup(call: Call | undefined, spoken: number): Promise<void> {
    if (!call) return;
    call.state = 'ended';
    call.endedAt = this.now;
    call.usedMs = Math.floor((this.now - call.at) * spoken);
    const times = { answered_at: call.endedAt - call.usedMs, ended_at: call.endedAt };
    await this.#databases[0].db
      .insertInto('call_records')
      .values({ call_id: call.id, ...times })
      .execute();
  }

  /** Time goes by; calls that come to their greatest duration end then. */
  async #wait(ms: number): Promise<void> {
    const until = this.now + ms;
    const due = this.calls.filter((call) => call.state === 'up' && call.due <= until);
    for (const call of due.toSorted((a, b) => a.due - b.due)) {
      this.now = call.due;
      await this.#hangup(call, 1);
    }
    this.now = until;
  }

  holds(limits: typeof ofUser, calls: readonly Call[]): void {
    expect(calls.filter(({ state }) => state === 'up').length).toBeLessThanOrEqual(limits.concurrentCalls);
    const lately = calls.filter(({ at }) => at > this.now - MINUTE);
    expect(lately.length).toBeLessThanOrEqual(limits.callsPerMinute);
    const used = calls
      .filter(({ state, endedAt }) => state === 'ended' && endedAt > this.now - DAY)
      .map(({ usedMs }) => usedMs);
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(used)).toBeLessThanOrEqual(limits.minutesPerDay * MINUTE);
    const spent = sum(used.map((usedMs) => costOf(usedMs, PRICE_MICROS)));
    expect(spent).toBeLessThanOrEqual(Number(limits.spendPerDay) * 1_000_000);
  }
}

/** On PostgreSQL two servers decide on the same calls, each with connections of its own; on SQLite there is one. */
async function serversOf({ running, config }: ServerUnderTest): Promise<[Database, ...Database[]]> {
  if (running.database.dialect === 'sqlite') return [running.database];
  const another = openDatabase(config, () => {});
  onTestFinished(another.close);
  return [running.database, another];
}

describe('under any interleaving of calls', () => {
  it('no limit is ever exceeded, and no lease outlives its time', async () => {
    const server = await serverUnderTest();
    const ada = await addUser(server, 'ada', '+12025550150');
    const grace = await addUser(server, 'grace', '+12025550151');
    await server.operate('PUT', '/v1/rates/+1', { name: 'NANP', pricePerMinute: '0.10' });
    await server.operate('PATCH', '/v1/policies/podefault', { ...ofUser, maxCallMinutes: 8 });
    await server.operate('PATCH', '/v1/calling-limits', ofAll);
    const world = new World(await serversOf(server), [ada.extension, grace.extension]);
    const run = async (steps: readonly Step[]) => {
      // Each run begins when all of the last one is long over.
      world.calls = [];
      world.now += 10 * DAY;
      for (const next of steps) {
        await world.do(next);
        world.holds(ofAll, world.calls);
        for (const who of [0, 1]) {
          world.holds(
            ofUser,
            world.calls.filter((call) => call.who === who),
          );
        }
      }
      const before = world.calls.length;
      await world.do({ type: 'wait', ms: 3 * DAY });
      await world.call(0);
      expect(world.calls.length).toBe(before + 1);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 });
    for (const answer of ['trunk', 'too-many-calls', 'lines-busy', 'calling-too-fast']) {
      expect(world.answers).toContain(answer);
    }
  }, 120_000);
});
