import { describe, expect, it } from 'vitest';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const report = {
  codec: 'opus',
  packetsReceived: 990,
  packetsLost: 10,
  jitterMs: 4.5,
  roundTripMs: 40,
  mos: 4.2,
};
const path = (callId: string) => `/v1/phone/calls/${encodeURIComponent(callId)}/quality`;

async function signedIn(server: ServerUnderTest, login: string) {
  const { id, password } = await addUser(server, login);
  const cookie = await server.signIn(login, password);
  const say = (callId: string, body: object) => server.ask('POST', path(callId), { cookie, body });
  return { id, cookie, say };
}

const kept = ({ running }: ServerUnderTest) =>
  running.database.db.selectFrom('phone_reports').selectAll().orderBy('reported_at').execute();

describe('a phone’s report of a call', () => {
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
    const { cookie, say } = await signedIn(server, 'ada');
    const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
    await server.running.database.db
      .insertInto('call_legs')
      .values({ id: '1', call_id: '1', sip_call_id: 'real', credential: config.sip.authorizationUser })
      .execute();
    await say('real', report);
    for (let i = 0; i < 230; i++) await say(`invented-${i}`, report);
    const left = await kept(server);
    expect(left).toHaveLength(101);
    expect(left[0]).toMatchObject({ sip_call_id: 'real' });
    expect(left.at(-1)).toMatchObject({ sip_call_id: 'invented-229' });
  });
});
