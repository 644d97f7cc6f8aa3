import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { CallRecordsTable } from '../db/tables.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const START = Date.parse('2026-01-31T09:30:00Z');

/** Writes records, as the gateway does. */
async function write({ running }: ServerUnderTest, ...records: Partial<CallRecordsTable>[]) {
  const rows = records.map((record, i) => ({
    call_id: `c${String(i).padStart(5, '0')}`,
    direction: 'outbound' as const,
    extension: '1001',
    number: '+12025550101',
    started_at: START + i * 1_000,
    ended_at: START + i * 1_000 + 500,
    reason: 'busy',
    sip_code: 486,
    ...record,
  }));
  const { db } = running.database;
  for (let first = 0; first < rows.length; first += 1_000) {
    await db
      .insertInto('call_records')
      .values(rows.slice(first, first + 1_000))
      .execute();
  }
}

const list = async (server: ServerUnderTest, query = '') =>
  (await server.operate('GET', `/v1/call-records${query}`)).body;
const idsOf = (page: { callRecords: { id: string }[] }) => page.callRecords.map(({ id }) => id);

describe('call records', { timeout: 30_000 }, () => {
  it('tell who called whom, on which device, for how long and why it ended', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada', '+12025550150');
    const cookie = await server.signIn('ada', password);
    const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
    await write(server, {
      credential: config.sip.authorizationUser,
      own_number: '+12025550150',
      trunk: 'trunk',
      attempts: 'tr1 503/trunk completed',
      answered_at: START + 100,
      reason: 'completed',
      sip_code: 200,
    });
    expect((await list(server)).callRecords).toEqual([
      {
        id: 'c00000',
        direction: 'outbound',
        extension: '1001',
        user: { id, name: 'Name of ada' },
        device: { id: config.deviceId, userAgent: 'node' },
        number: '+12025550101',
        ownNumber: '+12025550150',
        trunk: 'trunk',
        attempts: [
          { trunk: 'tr1', outcome: '503' },
          { trunk: 'trunk', outcome: 'completed' },
        ],
        startedAt: '2026-01-31T09:30:00.000Z',
        answeredAt: '2026-01-31T09:30:00.100Z',
        endedAt: '2026-01-31T09:30:00.500Z',
        durationMs: 400,
        reason: 'completed',
        reasonInWords: 'It was answered, and one side ended it.',
        sipStatus: 200,
        codec: null,
        quality: { phone: null, gateway: null, other: null, otherPhone: null },
      },
    ]);
  });

  it('are of who had the extension then: also when the user is gone, and the extension another’s', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', password);
    const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
    await write(server, {}, { credential: null, call_id: 'before' });
    await server.operate('DELETE', `/v1/users/${id}`);
    // The call that the deletion ended is written only now.
    await write(server, { call_id: 'ended', credential: config.sip.authorizationUser });
    const other = await server.operate('POST', '/v1/users', {
      name: 'Grace',
      login: 'grace',
      password: 'long enough',
      extension: '1001',
    });
    await write(server, { call_id: 'later' });
    const owner = async (call: string) =>
      (await list(server)).callRecords.find((record: { id: string }) => record.id === call).user;
    expect(await owner('before')).toEqual({ id, name: null });
    expect(await owner('ended')).toEqual({ id, name: null });
    expect(await owner('later')).toEqual({ id: other.body.id, name: 'Grace' });
    expect(idsOf(await list(server, `?userId=${id}`)).toSorted()).toEqual(
      ['before', 'c00000', 'ended'].toSorted(),
    );
  });

  it('are found by all that they tell, page by page, the last one first', async () => {
    const server = await serverUnderTest();
    await write(
      server,
      {},
      { direction: 'inbound', number: '+442079460018', own_number: '+12025550150' },
      { direction: 'internal', number: '1002', extension: '1003' },
      { answered_at: START + 3_100, reason: 'completed', trunk: 'tr2', attempts: 'tr1 503/tr2 completed' },
      { started_at: null },
    );
    const find = async (query: string) => idsOf(await list(server, `?${query}`));
    expect(await find('direction=inbound')).toEqual(['c00001']);
    expect(await find('number=%2B442079460018')).toEqual(['c00001']);
    expect(await find('number=+12025550150')).toEqual(['c00001']);
    expect(await find('number=1002')).toEqual(['c00002']);
    expect(await find('extension=1003')).toEqual(['c00002']);
    expect(await find('reason=completed')).toEqual(['c00003']);
    for (const trunk of ['tr1', 'tr2']) expect(await find(`trunk=${trunk}`)).toEqual(['c00003']);
    expect(await find('trunk=tr')).toEqual([]);
    const one = await server.operate('GET', '/v1/call-records/c00001');
    expect([one.status, one.body.number]).toEqual([200, '+442079460018']);
    const none = await server.operate('GET', '/v1/call-records/c00009');
    expect([none.status, none.body.type]).toEqual([404, 'urn:handset:problem:no-such-call']);
    expect(await find('answered=true')).toEqual(['c00003']);
    expect(await find('from=2026-01-31T09:30:01Z&to=2026-01-31T09:30:03Z')).toEqual(['c00002', 'c00001']);
    expect(await find('from=2026-01-31T18:30:03%2B09:00')).toEqual(['c00003']);
    const first = await list(server, '?limit=3');
    const second = await list(server, `?limit=3&cursor=${first.next}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(['c00003', 'c00002', 'c00001', 'c00000', 'c00004']);
    expect(second.next).toBeNull();
    expect((await server.operate('GET', '/v1/call-records?from=yesterday')).status).toBe(400);
  });

  it('are exported as CSV: all that fit, each once, with nothing that a spreadsheet would run', async () => {
    const server = await serverUnderTest();
    const many = Array.from({ length: 1_250 }, (_, i) => (i % 2 === 0 ? {} : { reason: 'no-answer' }));
    await write(server, ...many);
    const { status, headers, text } = await server.operate('GET', '/v1/call-records.csv');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    expect(headers.get('content-disposition')).toContain('call-records.csv');
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows).toHaveLength(1_250);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1_250);
    expect(rows[0]).toMatchObject({ id: 'c01249', number: '+12025550101', answeredAt: '', durationMs: '0' });
    const busy: unknown[] = parse((await server.operate('GET', '/v1/call-records.csv?reason=busy')).text, {
      columns: true,
    });
    expect(busy).toHaveLength(625);
    await write(server, { call_id: 'evil', number: '=cmd|"calc"', started_at: Date.now() });
    const [evil]: Record<string, string>[] = parse(
      (await server.operate('GET', '/v1/call-records.csv')).text,
      {
        columns: true,
      },
    );
    expect(evil?.number).toBe(`'=cmd|"calc"`);
  });

  it('can’t be read without the scope for it', async () => {
    const server = await serverUnderTest();
    const { body } = await server.operate('POST', '/v1/api-keys', { name: 'x', scopes: ['users:write'] });
    const headers = { authorization: `Bearer ${body.key}` };
    for (const path of ['/v1/call-records', '/v1/call-records/c00001', '/v1/call-records.csv']) {
      expect((await server.ask('GET', path, { headers })).status).toBe(403);
    }
  });
});
