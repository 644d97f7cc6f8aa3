import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { CallLegsTable, CallRecordsTable } from '../db/tables.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const report = {
  codec: 'opus',
  packetsReceived: 990,
  packetsLost: 10,
  jitterMs: 4.5,
  roundTripMs: 40,
  mos: 4.2,
};
const legMeasured = { packets_received: 500, packets_lost: 0, jitter_ms: 1.234, round_trip_ms: 30 };
const path = (callId: string) => `/v1/phone/calls/${encodeURIComponent(callId)}/quality`;

async function signedIn(server: ServerUnderTest, login: string) {
  const { id, password } = await addUser(server, login);
  const cookie = await server.signIn(login, password);
  const say = (callId: string, body: object) => server.ask('POST', path(callId), { cookie, body });
  const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
  const credential: string = config.sip.authorizationUser;
  return { id, cookie, credential, say };
}

/** Writes down a call as the gateway does: its legs, and its record. */
async function write(
  { running }: ServerUnderTest,
  record: Partial<CallRecordsTable> & { call_id: string },
  ...legs: Partial<CallLegsTable>[]
) {
  const { db } = running.database;
  const { call_id } = record;
  const rows = legs.map((leg, i) => ({ id: `${call_id}-${i}`, call_id, ...legMeasured, ...leg }));
  if (rows.length > 0) await db.insertInto('call_legs').values(rows).execute();
  await db
    .insertInto('call_records')
    .values({ direction: 'outbound', started_at: 1, reason: 'completed', ...record })
    .execute();
}

const list = async (server: ServerUnderTest, query = '') =>
  (await server.operate('GET', `/v1/call-records${query}`)).body.callRecords;
const found = async (server: ServerUnderTest, query: string) =>
  (await list(server, query)).map(({ id }: { id: string }) => id).toSorted();

const kept = ({ running }: ServerUnderTest) =>
  running.database.db.selectFrom('phone_reports').selectAll().orderBy('reported_at').execute();

describe('a phone’s report of a call', { timeout: 30_000 }, () => {
  it('is kept, whatever the Call-ID looks like, and the last one counts', async () => {
    const server = await serverUnderTest();
    const { id, say } = await signedIn(server, 'ada');
    const callId = 'q2l/%<>{}[]|@host?#';
    expect((await say(callId, report)).status).toBe(204);
    const { status, text } = await say(callId, { ...report, packetsLost: 11 });
    expect([status, text]).toEqual([204, '']);
    expect(await kept(server)).toMatchObject([
      { user_id: id, sip_call_id: callId, codec: 'opus', packets_lost: 11, jitter_ms: 4.5, mos: 4.2 },
    ]);
  });

  it('can be of little: what the phone does not know is left out', async () => {
    const server = await serverUnderTest();
    const { say } = await signedIn(server, 'ada');
    const { packetsReceived, packetsLost, jitterMs } = report;
    expect((await say('1', { packetsReceived, packetsLost, jitterMs })).status).toBe(204);
    expect(await kept(server)).toMatchObject([{ codec: null, round_trip_ms: null, mos: null }]);
  });

  it('is taken with a phone token from a page of any origin', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    const { body } = await server.operate('POST', `/v1/users/${id}/phone-tokens`, {});
    const elsewhere = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    const question = await server.ask('OPTIONS', path('1'), { headers: elsewhere });
    expect(question.headers.get('access-control-allow-methods')).toBe('POST');
    expect(question.headers.get('access-control-allow-headers')).toContain('content-type');
    const headers = { ...elsewhere, authorization: `Bearer ${body.token}` };
    expect((await server.ask('POST', path('1'), { headers, body: report })).status).toBe(204);
  });

  it('needs a sign-in, and comes from the own page where it has the cookie', async () => {
    const server = await serverUnderTest();
    const { cookie } = await signedIn(server, 'ada');
    expect((await server.ask('POST', path('1'), { body: report })).status).toBe(401);
    expect((await server.operate('POST', path('1'), report)).status).toBe(401);
    const headers = { origin: 'https://shop.example' };
    expect((await server.ask('POST', path('1'), { cookie, headers, body: report })).status).toBe(403);
    expect(await kept(server)).toEqual([]);
  });

  it.each([
    ['packetsReceived', -1],
    ['packetsLost', 1.5],
    ['jitterMs', 1e6],
    ['roundTripMs', '40'],
    ['mos', 5.1],
    ['codec', 'o p u s'],
  ])('is refused where its %s is %j', async (field, value) => {
    const server = await serverUnderTest();
    const { say } = await signedIn(server, 'ada');
    const { status, body } = await say('1', { ...report, [field]: value });
    expect([status, body.faults.map((fault: { field: string }) => fault.field)]).toEqual([400, [field]]);
  });

  it('of no call is forgotten: nobody fills the database with them', async () => {
    const server = await serverUnderTest();
    const { credential, say } = await signedIn(server, 'ada');
    await write(server, { call_id: '1' }, { sip_call_id: 'real', credential });
    await say('real', report);
    for (let i = 0; i < 230; i++) await say(`invented-${i}`, report);
    const left = await kept(server);
    expect(left).toHaveLength(101);
    expect(left[0]).toMatchObject({ sip_call_id: 'real' });
    expect(left.at(-1)).toMatchObject({ sip_call_id: 'invented-229' });
  });
});

describe('the quality of a call', () => {
  it('is in its record from both ends, each with codec, loss, jitter, round trip and MOS', async () => {
    const server = await serverUnderTest();
    const { credential, say } = await signedIn(server, 'ada');
    await say('leg-of-ada', report);
    await write(
      server,
      { call_id: '1', credential },
      { credential: 'trunk', codec: 'ulaw', packets_lost: 500, round_trip_ms: null },
      { credential, codec: 'opus', sip_call_id: 'leg-of-ada' },
    );
    const [{ codec, quality }] = await list(server);
    expect(codec).toBe('opus');
    expect(quality).toEqual({
      phone: { ...report, lossPercent: 1 },
      gateway: {
        codec: 'opus',
        packetsReceived: 500,
        packetsLost: 0,
        lossPercent: 0,
        jitterMs: 1.23,
        roundTripMs: 30,
        mos: 4.41,
      },
      other: {
        codec: 'PCMU',
        packetsReceived: 500,
        packetsLost: 500,
        lossPercent: 50,
        jitterMs: 1.23,
        roundTripMs: null,
        mos: 1.61,
      },
      otherPhone: null,
    });
  });

  it('is of the phone also when it reports after the end, and by the E-model where it gives no MOS', async () => {
    const server = await serverUnderTest();
    const { credential, say } = await signedIn(server, 'ada');
    await write(server, { call_id: '1', credential }, { credential, sip_call_id: 'a' });
    expect((await list(server))[0].quality.phone).toBeNull();
    const { mos: _, ...withoutMos } = report;
    await say('a', { ...withoutMos, codec: 'pcmu' });
    expect((await list(server))[0].quality.phone).toMatchObject({ codec: 'PCMU', mos: 4.33 });
  });

  it('has of a phone only what its own user’s phone says', async () => {
    const server = await serverUnderTest();
    const [ada, eve] = [await signedIn(server, 'ada'), await signedIn(server, 'eve')];
    const { credential } = ada;
    await write(server, { call_id: '1', credential }, { credential, sip_call_id: 'a' });
    expect((await eve.say('a', report)).status).toBe(204);
    expect((await list(server))[0].quality.phone).toBeNull();
    await ada.say('a', report);
    expect((await list(server))[0].quality.phone).toMatchObject({ mos: report.mos });
  });

  it('between extensions has both phones', async () => {
    const server = await serverUnderTest();
    const [ada, bob] = [await signedIn(server, 'ada'), await signedIn(server, 'bob')];
    await ada.say('a', { ...report, mos: 4 });
    await bob.say('b', { ...report, mos: 2 });
    await write(
      server,
      { call_id: '1', direction: 'internal', credential: ada.credential },
      { credential: bob.credential, sip_call_id: 'b' },
      { credential: ada.credential, sip_call_id: 'a' },
    );
    expect((await list(server))[0].quality).toMatchObject({ phone: { mos: 4 }, otherPhone: { mos: 2 } });
  });

  it('says nothing of sound that never came', async () => {
    const server = await serverUnderTest();
    const { credential } = await signedIn(server, 'ada');
    await write(server, { call_id: '1', credential }, { credential, packets_received: 0 });
    expect((await list(server))[0].quality.gateway).toMatchObject({ packetsReceived: 0, mos: null });
  });

  it('and the codec are what records are found by', async () => {
    const server = await serverUnderTest();
    const { credential, say } = await signedIn(server, 'ada');
    const leg = (more: object) => ({ credential, codec: 'opus', ...more });
    await write(server, { call_id: 'good', credential }, leg({}), { credential: 'trunk', codec: 'g722' });
    await write(server, { call_id: 'lossy', credential }, leg({ packets_lost: 26 }));
    await write(server, { call_id: 'lossy-at-the-phone', credential }, leg({ sip_call_id: 'a' }));
    await write(server, { call_id: 'unanswered', reason: 'busy' });
    await say('a', { ...report, packetsLost: 110 });
    expect(await found(server, '?codec=opus')).toEqual(['good', 'lossy', 'lossy-at-the-phone']);
    expect(await found(server, '?codec=G722')).toEqual(['good']);
    expect(await found(server, '?minLossPercent=4.9')).toEqual(['lossy', 'lossy-at-the-phone']);
    expect(await found(server, '?minLossPercent=5')).toEqual(['lossy-at-the-phone']);
    expect((await server.operate('GET', '/v1/call-records?minLossPercent=x')).status).toBe(400);
  });

  it('is exported with the records', async () => {
    const server = await serverUnderTest();
    const { credential, say } = await signedIn(server, 'ada');
    await say('a', report);
    await write(
      server,
      { call_id: '1', credential },
      { credential, codec: 'opus', sip_call_id: 'a' },
      { credential: 'trunk', codec: 'ulaw', packets_lost: 500 },
    );
    const { text } = await server.operate('GET', '/v1/call-records.csv');
    const [row]: Record<string, string>[] = parse(text, { columns: true });
    expect(row).toMatchObject({
      codec: 'opus',
      'phone.lossPercent': '1',
      'phone.jitterMs': '4.5',
      'phone.roundTripMs': '40',
      'phone.mos': '4.2',
      'gateway.mos': '4.41',
      'other.lossPercent': '50',
      'otherPhone.mos': '',
    });
  });
});
