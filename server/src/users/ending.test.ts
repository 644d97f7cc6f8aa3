import { describe, expect, it, vi } from 'vitest';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

describe('disabling a user', () => {
  it('signs them out everywhere, lets nobody in, and can be undone', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada', '+12025550150');
    const cookie = await server.signIn('ada', user.password);
    await server.ask('GET', '/v1/phone-config', { cookie });
    const path = `/v1/users/${user.id}`;
    expect((await server.operate('PATCH', path, { disabled: true })).body.disabled).toBe(true);
    const signIn = () =>
      server.ask('POST', '/v1/sessions', { body: { login: 'ada', password: user.password } });
    expect((await signIn()).status).toBe(401);
    expect((await server.operate('PATCH', path, { disabled: false })).body.disabled).toBe(false);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(401);
    expect((await signIn()).status).toBe(201);
    expect((await server.operate('GET', path)).body.number).toBe('+12025550150');
  });
});

describe('another extension', () => {
  it('is the user’s own from then on, and signs them out', async () => {
    const server = await serverUnderTest();
    const [ada, grace] = [await addUser(server, 'ada'), await addUser(server, 'grace')];
    const cookie = await server.signIn('ada', ada.password);
    const taken = await server.operate('PATCH', `/v1/users/${ada.id}`, { extension: grace.extension });
    expect([taken.status, taken.body.type]).toEqual([409, 'urn:handset:problem:extension-taken']);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(200);
    const moved = await server.operate('PATCH', `/v1/users/${ada.id}`, { extension: '42' });
    expect(moved.body.extension).toBe('42');
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(401);
  });
});

describe('deleting a user', () => {
  it('leaves nothing of them but their number, and frees login and extension', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada', '+12025550150');
    const cookie = await server.signIn('ada', user.password);
    await server.ask('GET', '/v1/phone-config', { cookie });
    const path = `/v1/users/${user.id}`;
    expect((await server.operate('DELETE', path)).status).toBe(204);
    expect((await server.operate('GET', path)).status).toBe(404);
    expect((await server.operate('DELETE', path)).status).toBe(404);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(401);
    const { db } = server.running.database;
    for (const table of ['users', 'devices', 'credentials'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    expect((await server.operate('GET', '/v1/numbers/+12025550150')).body.userId).toBeNull();
    await addUser(server, 'ada');
  });

  it('has the gateway end what lives of their devices and desk phones', async () => {
    const gateway = await fakeGateway('x'.repeat(32));
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: gateway.secret });
    const user = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', user.password);
    const config = await server.ask('GET', '/v1/phone-config', { cookie });
    const credential: string = config.body.sip.authorizationUser;
    const { db } = server.running.database;
    await db.insertInto('phones').values({ id: 'ph1', user_id: user.id, ha1: 'x', created_at: 1 }).execute();
    for (const endpoint of [credential, 'ph1']) {
      gateway.contacts.set(`1001;@${endpoint}`, { endpoint, uri: `sip:${endpoint}@127.0.0.1` });
      gateway.channels.set(`PJSIP/${endpoint}-00000001`, endpoint);
    }
    await server.operate('DELETE', `/v1/users/${user.id}`);
    await vi.waitFor(() => expect([gateway.contacts.size, gateway.channels.size]).toEqual([0, 0]), {
      timeout: 2_000,
      interval: 20,
    });
  });
});
