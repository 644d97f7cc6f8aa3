import { describe, expect, it } from 'vitest';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { admit } from './admit.ts';
import { GRACE_MS } from './limits.ts';

const MINUTE = 60_000;
const WORLD = { country: 'US', isSilent: () => false } as const;
const TO = '+12025550101';

const setDefault = (server: ServerUnderTest, rules: object) =>
  server.operate('PATCH', '/v1/policies/podefault', rules);
const setRate = (server: ServerUnderTest, pricePerMinute: string) =>
  server.operate('PUT', '/v1/rates/+1', { name: 'NANP', pricePerMinute });
const ask = async (server: ServerUnderTest, callId: string, extension: string, dialed = TO) =>
  (await server.askInternal('POST', '/internal/admissions', { callId, extension, dialed })).body;

/** Writes the record of a call, as the gateway does at its end. */
function end({ running }: ServerUnderTest, call_id: string, endedAt: number, durationMs: number | null) {
  const answered_at = durationMs === null ? null : endedAt - durationMs;
  return running.database.db
    .insertInto('call_records')
    .values({ call_id, answered_at, ended_at: endedAt })
    .execute();
}

describe('a limit of calls at once', () => {
  it('lets through no more, and another when one has ended', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setDefault(server, { concurrentCalls: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask(server, `c${i}`, extension)));
    const through = answers.flatMap(({ decision }, i) => (decision === 'trunk' ? [`c${i}`] : []));
    expect(through).toHaveLength(2);
    expect(answers.filter(({ reason }) => reason === 'too-many-calls')).toHaveLength(10);
    await end(server, through[0] ?? '', Date.now(), 5_000);
    expect((await ask(server, 'later', extension)).decision).toBe('trunk');
    expect((await ask(server, 'too late', extension)).reason).toBe('too-many-calls');
  });

  it('counts a call that the phone has left until its called end leaves, in whatever order that is noted', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setDefault(server, { concurrentCalls: 1, minutesPerDay: 10 });
    const { db } = server.running.database;
    const record = (call_id: string) =>
      db.insertInto('call_records').values({ call_id, answered_at: 1_000 }).execute();
    const leaves = (call_id: string) =>
      db.insertInto('call_ends').values({ call_id, answered_at: 1_000, ended_at: 61_000 }).execute();
    await ask(server, 'transferred', extension);
    await record('transferred');
    expect((await ask(server, 'c2', extension)).reason).toBe('too-many-calls');
    await leaves('transferred');
    expect((await ask(server, 'plain', extension)).decision).toBe('trunk');
    await leaves('plain');
    await record('plain');
    const ends = await db.selectFrom('call_records').select('ended_at').execute();
    expect(ends).toEqual([{ ended_at: 61_000 }, { ended_at: 61_000 }]);
    const used = await db.selectFrom('leases').select('used_ms').execute();
    expect(used).toEqual([{ used_ms: 60_000 }, { used_ms: 60_000 }]);
  });

  it('counts a call once, however often the gateway asks', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setDefault(server, { concurrentCalls: 1, callsPerMinute: 1 });
    for (let i = 0; i < 3; i += 1) expect((await ask(server, 'c1', extension)).decision).toBe('trunk');
    expect((await ask(server, 'c2', extension)).reason).toBe('too-many-calls');
  });

  it('in all holds for all users together, and for no emergency or internal call', async () => {
    const server = await serverUnderTest();
    const [ada, grace] = [
      await addUser(server, 'ada', '+12025550150'),
      await addUser(server, 'grace', '+12025550151'),
    ];
    await server.operate('PATCH', '/v1/calling-limits', { concurrentCalls: 1 });
    expect((await ask(server, 'c1', ada.extension)).decision).toBe('trunk');
    expect((await ask(server, 'c2', grace.extension)).reason).toBe('lines-busy');
    expect((await ask(server, 'c3', grace.extension, '911')).decision).toBe('trunk');
    expect((await ask(server, 'c4', grace.extension, '+12025550150')).decision).toBe('internal');
  });

  it('is not used up for ever by a call whose record never comes', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setDefault(server, { concurrentCalls: 1, maxCallMinutes: 10 });
    const { database } = server.running;
    const at = async (callId: string, now: number) =>
      (await admit(database, { callId, extension, dialed: TO }, WORLD, () => now)).decision;
    expect(await at('lost', 0)).toBe('trunk');
    expect(await at('c2', 10 * MINUTE)).toBe('refuse');
    const { expires_at } = await database.db.selectFrom('leases').selectAll().executeTakeFirstOrThrow();
    expect(expires_at).toBeLessThan(15 * MINUTE);
    expect(await at('c3', expires_at - 1)).toBe('refuse');
    expect(await at('c4', expires_at)).toBe('trunk');
  });
});

describe('limits of minutes and spend', () => {
  it('bound how long a call may last, and then refuse', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setRate(server, '0.10');
    await setDefault(server, { spendPerDay: '0.35' });
    expect(await ask(server, 'c1', extension)).toMatchObject({ maxDurationMs: 3 * MINUTE - GRACE_MS });
    expect((await ask(server, 'c2', extension)).reason).toBe('spend-used-up');
    await end(server, 'c1', Date.now(), 61_000);
    expect(await ask(server, 'c3', extension)).toMatchObject({ maxDurationMs: MINUTE - GRACE_MS });
    await setDefault(server, { spendPerDay: null, minutesPerDay: 4 });
    await end(server, 'c3', Date.now(), null);
    expect(await ask(server, 'c4', extension)).toMatchObject({
      maxDurationMs: 4 * MINUTE - 61_000 - GRACE_MS,
    });
    expect((await ask(server, 'c5', extension)).reason).toBe('minutes-used-up');
  });

  it('refuse what has no rate where spend is limited', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await setDefault(server, { spendPerDay: '5' });
    expect((await ask(server, 'c1', extension)).reason).toBe('no-rate');
  });
});
