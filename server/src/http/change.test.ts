import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const ada = { name: 'Ada', login: 'ada', password: 'long enough' };
const problem = (name: string) => `urn:handset:problem:${name}`;

const post = (server: ServerUnderTest, key: string, body: unknown, path = '/v1/users') =>
  server.ask('POST', path, {
    body,
    headers: { authorization: `Bearer ${server.config.secrets.apiKey}`, 'idempotency-key': key },
  });

const users = async (server: ServerUnderTest) => (await server.operate('GET', '/v1/users')).body.users;

describe('a request with an Idempotency-Key', () => {
  it('is done once, however often it is sent', async () => {
    const server = await serverUnderTest();
    const first = await post(server, 'k1', ada);
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    for (let again = 0; again < 2; again += 1) {
      const answer = await post(server, 'k1', ada);
      expect([answer.status, answer.body]).toEqual([201, first.body]);
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
      expect(answer.headers.get('location')).toBe(first.headers.get('location'));
    }
    expect(await users(server)).toHaveLength(1);
  });

  it('is done once when it is sent many times at once', async () => {
    const server = await serverUnderTest();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(server, 'k1', ada)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
  });

  it('and another body, or at another address, is refused', async () => {
    const server = await serverUnderTest();
    await post(server, 'k1', ada);
    for (const answer of [
      await post(server, 'k1', { ...ada, login: 'grace' }),
      await post(server, 'k1', { e164: '+12025550150' }, '/v1/numbers'),
    ]) {
      expect([answer.status, answer.body.type]).toEqual([422, problem('idempotency-key-reused')]);
    }
    expect(await users(server)).toHaveLength(1);
  });

  it('that failed is tried anew', async () => {
    const server = await serverUnderTest();
    await post(server, 'k1', ada);
    expect((await post(server, 'k2', ada)).status).toBe(409);
    await server.operate('DELETE', `/v1/users/${(await users(server))[0].id}`);
    expect((await post(server, 'k2', ada)).status).toBe(201);
  });

  it('has no meaning for another API key', async () => {
    const server = await serverUnderTest();
    await post(server, 'k1', ada);
    const { body } = await server.operate('POST', '/v1/api-keys', { name: 'x', scopes: ['users:write'] });
    const headers = { authorization: `Bearer ${body.key}`, 'idempotency-key': 'k1' };
    const answer = await server.ask('POST', '/v1/users', { headers, body: { ...ada, login: 'grace' } });
    expect(answer.status).toBe(201);
  });

  it('shows a secret once', async () => {
    const server = await serverUnderTest();
    const wanted = { name: 'Shop', scopes: ['users:read'] };
    const first = await post(server, 'k1', wanted, '/v1/api-keys');
    const again = await post(server, 'k1', wanted, '/v1/api-keys');
    expect([again.status, again.body.type]).toEqual([409, problem('reply-not-kept')]);
    expect((await server.operate('GET', '/v1/api-keys')).body.apiKeys).toHaveLength(2);
    const { db } = server.running.database;
    const kept = JSON.stringify(await db.selectFrom('idempotency_keys').selectAll().execute());
    expect(kept).not.toContain(first.body.key);
  });

  it('leaves nothing by which a password could be tried out', async () => {
    const server = await serverUnderTest();
    await post(server, 'k1', ada);
    const { db } = server.running.database;
    const kept = await db.selectFrom('idempotency_keys').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(kept)).not.toContain(ada.password);
    expect(kept.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('must have one that is a key', async () => {
    const server = await serverUnderTest();
    for (const key of ['', 'a b', 'x'.repeat(201)]) {
      const { status, body } = await post(server, key, ada);
      expect([status, body.faults?.[0].field]).toEqual([400, 'header.Idempotency-Key']);
    }
  });

  it('is forgotten after a day', async () => {
    const server = await serverUnderTest();
    const { body: first } = await post(server, 'k1', ada);
    await server.operate('DELETE', `/v1/users/${first.id}`);
    const { db } = server.running.database;
    const yesterday = Date.now() - 25 * 3_600_000;
    await db.updateTable('idempotency_keys').set({ created_at: yesterday }).execute();
    const { status, body } = await post(server, 'k1', ada);
    expect(status).toBe(201);
    expect(body.id).not.toBe(first.id);
  });
});
