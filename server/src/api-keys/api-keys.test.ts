import { describe, expect, it } from 'vitest';
import { scopesOf } from '../http/route.ts';
import { allows, type Scope } from '../http/scopes.ts';
import { routesOf } from '../testing/routes-of.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { ApiKeys } from './api-keys.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;

async function makeKey(server: ServerUnderTest, ...scopes: Scope[]) {
  const { status, body } = await server.operate('POST', '/v1/api-keys', { name: 'Shop', scopes });
  expect(status).toBe(201);
  const headers = { authorization: `Bearer ${body.key}` };
  const ask = (method: string, path: string, sent?: unknown) =>
    server.ask(method, path, { headers, ...(sent !== undefined && { body: sent }) });
  return { id: body.id as string, key: body.key as string, ask };
}

describe('an API key', () => {
  it('is shown once and kept as a digest', async () => {
    const server = await serverUnderTest();
    const { id, key } = await makeKey(server, 'users:read', 'users:read');
    const rows = await server.running.database.db.selectFrom('api_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key);
    const { body, text } = await server.operate('GET', '/v1/api-keys');
    expect(text).not.toContain(key);
    expect(body.apiKeys).toMatchObject([
      { id: 'akfirst', scopes: ['admin'], lastUsedAt: expect.any(String), revokedAt: null },
      { id, name: 'Shop', scopes: ['users:read'], lastUsedAt: null, revokedAt: null },
    ]);
    expect(server.log.join()).not.toContain(key);
  });

  it('may do what its scopes say and nothing else', async () => {
    const server = await serverUnderTest();
    const user = { name: 'Ada', login: 'ada', password: 'long enough' };
    const reader = await makeKey(server, 'users:read');
    expect((await reader.ask('GET', '/v1/users')).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/v1/users', user],
      ['GET', '/v1/api-keys', undefined],
      ['GET', '/v1/audit-log', undefined],
    ] as const) {
      const { status, body: answer } = await reader.ask(method, path, body);
      expect([status, answer.type]).toEqual([403, problem('not-allowed')]);
    }
    const writer = await makeKey(server, 'users:write');
    expect((await writer.ask('POST', '/v1/users', user)).status).toBe(201);
    expect((await writer.ask('GET', '/v1/users')).status).toBe(200);
  });

  it('without the scope admin makes no admin, and takes over none', async () => {
    const server = await serverUnderTest();
    const writer = await makeKey(server, 'users:write');
    const boss = { name: 'Boss', login: 'boss', password: 'long enough', role: 'admin' };
    expect((await writer.ask('POST', '/v1/users', boss)).status).toBe(403);
    const { id } = await addUser(server, 'ada');
    expect((await writer.ask('PATCH', `/v1/users/${id}`, { role: 'admin' })).status).toBe(403);
    const { body } = await server.operate('POST', '/v1/users', boss);
    for (const change of [{ password: 'another one' }, { role: 'user' }, { disabled: true }]) {
      expect((await writer.ask('PATCH', `/v1/users/${body.id}`, change)).status).toBe(403);
    }
    expect((await writer.ask('DELETE', `/v1/users/${body.id}`)).status).toBe(403);
    await server.signIn('boss', 'long enough');
  });

  it('that is revoked is refused from then on, and stays in the list', async () => {
    const server = await serverUnderTest();
    const { id, ask } = await makeKey(server, 'users:read');
    expect((await ask('GET', '/v1/users')).status).toBe(200);
    expect((await server.operate('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect((await ask('GET', '/v1/users')).status).toBe(401);
    expect((await server.operate('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    const { body } = await server.operate('GET', '/v1/api-keys');
    expect(body.apiKeys[1]).toMatchObject({
      id,
      revokedAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    const idsOf = async (filter: string) =>
      (await server.operate('GET', `/v1/api-keys?revoked=${filter}`)).body.apiKeys.map(
        (key: { id: string }) => key.id,
      );
    expect([await idsOf('true'), await idsOf('false')]).toEqual([[id], ['akfirst']]);
    const none = await server.operate('DELETE', '/v1/api-keys/aknone');
    expect([none.status, none.body.type]).toEqual([404, problem('no-such-api-key')]);
  });

  it('of the installation stays revoked over a restart, until there is another one', async () => {
    const server = await serverUnderTest();
    const keys = new ApiKeys(server.running.database);
    const { apiKey } = server.config.secrets;
    await server.operate('DELETE', '/v1/api-keys/akfirst');
    await keys.ensureFirst(apiKey);
    expect(await keys.operatorOf(apiKey)).toBeUndefined();
    await keys.ensureFirst('another');
    expect(await keys.operatorOf('another')).toMatchObject({ actor: { id: 'akfirst' } });
  });

  it.each([
    [{ name: 'x', scopes: [] }, ['scopes']],
    [{ name: '', scopes: ['all'] }, ['name', 'scopes.0']],
    [{}, ['name', 'scopes']],
  ])('of %j is refused', async (body, fields) => {
    const server = await serverUnderTest();
    const answer = await server.operate('POST', '/v1/api-keys', body);
    expect(answer.status).toBe(400);
    expect(answer.body.faults.map((fault: { field: string }) => fault.field)).toEqual(fields);
  });
});

describe('scopes', () => {
  it('that write allow to read the same, and admin allows all', () => {
    const may = (needed: Scope, ...granted: Scope[]) => allows(new Set(granted), needed);
    expect(may('users:read', 'users:write')).toBe(true);
    expect(may('users:write', 'users:read')).toBe(false);
    expect(may('numbers:read', 'users:write')).toBe(false);
    expect(may('audit-log:read', 'admin')).toBe(true);
    expect(may('admin', 'users:write', 'numbers:write')).toBe(false);
  });

  it('are declared by every route for operators, and shown in the OpenAPI document', async () => {
    const server = await serverUnderTest();
    const { body: document } = await server.ask('GET', '/v1/openapi.json');
    const operated = routesOf(server).api.filter(({ auth }) => auth === 'operator');
    expect(operated.length).toBeGreaterThan(10);
    for (const route of operated) {
      const keys = scopesOf(route).map((scope) => ({ apiKey: [scope] }));
      expect(keys, route.operationId).not.toEqual([]);
      const { security } = document.paths[route.path][route.method];
      expect(security, route.operationId).toEqual([...keys, { session: [] }]);
    }
  });
});

describe('an admin’s session', () => {
  it('may do what keys may, from the own page alone', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', password);
    expect((await server.ask('GET', '/v1/users', { cookie })).status).toBe(401);
    await server.operate('PATCH', `/v1/users/${id}`, { role: 'admin' });
    expect((await server.ask('GET', '/v1/users', { cookie })).status).toBe(200);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    const { status, body } = await server.ask('GET', '/v1/users', { cookie, headers: elsewhere });
    expect([status, body.type]).toEqual([403, problem('cross-site')]);
  });
});
