import { describe, expect, it } from 'vitest';
import { addUser, request, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const path = '/internal/admissions';
const ask = (server: ServerUnderTest, extension: string, dialed: string) =>
  server.askInternal('POST', path, { callId: '1769851800.17', extension, dialed });

describe('call admission', () => {
  it('decides by what the database holds', async () => {
    const server = await serverUnderTest();
    const ada = await addUser(server, 'ada', '+12025550150');
    const grace = await addUser(server, 'grace', '+12025550151');
    const eve = await addUser(server, 'eve');
    await server.operate('POST', '/v1/numbers', { e164: '+12025550152' });
    const decisions = [
      [
        ada,
        '202 555 0101',
        {
          decision: 'trunk',
          number: '+12025550101',
          callerId: '+12025550150',
          callerName: 'Name of ada',
          attempts: [
            {
              trunk: 'trunk',
              uri: 'sip:+12025550101@127.0.0.9:8087',
              callerId: '+12025550150',
              progressSeconds: 0,
              ask: false,
            },
          ],
          maxDurationMs: 14_400_000,
        },
      ],
      [ada, '202-555-0151', { decision: 'internal', extension: grace.extension }],
      [ada, grace.extension, { decision: 'internal', extension: grace.extension }],
      [ada, '7777', { decision: 'refuse', reason: 'number-not-found' }],
      [ada, '+12025550152', { decision: 'refuse', reason: 'number-not-found' }],
      [ada, 'nonsense', { decision: 'refuse', reason: 'number-invalid' }],
      [eve, '202 555 0101', { decision: 'refuse', reason: 'no-caller-id' }],
      [{ extension: '7777' }, '202 555 0101', { decision: 'refuse', reason: 'not-permitted' }],
    ] as const;
    for (const [{ extension }, dialed, decision] of decisions) {
      const { status, body } = await ask(server, extension, dialed);
      expect([status, body]).toEqual([200, decision]);
    }
  });

  it('knows no disabled user, neither as caller nor as called', async () => {
    const server = await serverUnderTest();
    const ada = await addUser(server, 'ada', '+12025550150');
    const grace = await addUser(server, 'grace', '+12025550151');
    const { db } = server.running.database;
    await db.updateTable('users').set({ disabled_at: 1 }).where('id', '=', grace.id).execute();
    const reason = async (extension: string, dialed: string) =>
      (await ask(server, extension, dialed)).body.reason;
    expect(await reason(ada.extension, '+12025550151')).toBe('number-not-found');
    expect(await reason(ada.extension, grace.extension)).toBe('number-not-found');
    expect(await reason(grace.extension, '+12025550101')).toBe('not-permitted');
  });

  it('is for the gateway alone', async () => {
    const server = await serverUnderTest();
    const body = { callId: '1', extension: '1001', dialed: '1' };
    const tokens = ['', 'Bearer', 'Bearer wrong', `Bearer ${server.config.secrets.apiKey}`, 'Basic eDp5'];
    for (const authorization of tokens) {
      const answer = await request(server.internal + path, 'POST', { body, headers: { authorization } });
      expect([answer.status, answer.body.type]).toEqual([401, 'urn:handset:problem:not-authenticated']);
    }
  });

  it('can’t be asked, and measurements can’t be read, from the public listener', async () => {
    const server = await serverUnderTest();
    const headers = { authorization: `Bearer ${server.config.secrets.internal}` };
    const admission = await server.ask('POST', path, { body: {}, headers });
    expect([admission.status, admission.body.type]).toEqual([404, 'urn:handset:problem:no-such-route']);
    expect((await server.ask('GET', '/metrics')).status).toBe(404);
  });

  it('names every faulty field at once', async () => {
    const server = await serverUnderTest();
    const { status, body } = await server.askInternal('POST', path, {
      extension: 1,
      dialed: 'a\u0000b',
      more: 1,
    });
    expect(status).toBe(400);
    expect(body.faults.map((fault: { field: string }) => fault.field).toSorted()).toEqual([
      'callId',
      'dialed',
      'extension',
      'more',
    ]);
  });

  it('is counted by decision and reason', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    await ask(server, extension, '202 555 0101');
    await ask(server, extension, 'nonsense');
    const { text, status } = await server.askInternal('GET', '/metrics');
    expect(status).toBe(200);
    expect(text).toContain('handset_admissions_total{decision="trunk",reason=""} 1');
    expect(text).toContain('handset_admissions_total{decision="refuse",reason="number-invalid"} 1');
  });
});
