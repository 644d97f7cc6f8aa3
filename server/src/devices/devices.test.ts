import { describe, expect, it } from 'vitest';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const SECRET = 'a secret of the manager interface, long';

/** Signs in and takes a phone-config. @returns cookie, device and credential */
async function phoneOf(server: ServerUnderTest, login: string, password: string) {
  const cookie = await server.signIn(login, password);
  const { body } = await server.ask('GET', '/v1/phone-config', { cookie });
  return { cookie, device: body.deviceId as string, credential: body.sip.authorizationUser as string };
}

const list = async (server: ServerUnderTest, id: string, query = '') =>
  (await server.operate('GET', `/v1/users/${id}/devices${query}`)).body;

describe('a user’s devices', () => {
  it('are listed with what is known of them, the last first', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    const first = await phoneOf(server, 'ada', password);
    const { db } = server.running.database;
    await db.updateTable('devices').set({ created_at: 1 }).where('id', '=', first.device).execute();
    const headers = { 'user-agent': 'A browser', 'x-forwarded-for': '198.51.100.7' };
    await server.ask('POST', '/v1/sessions', { body: { login: 'ada', password }, headers });
    const { devices } = await list(server, id);
    expect(devices).toMatchObject([
      { userAgent: 'A browser', address: '198.51.100.7', revokedAt: null, registered: null },
      { id: first.device, createdAt: '1970-01-01T00:00:00.001Z' },
    ]);
    const page = await list(server, id, '?limit=1');
    expect((await list(server, id, `?limit=1&cursor=${page.next}`)).devices).toMatchObject([
      { id: first.device },
    ]);
  });

  it('are registered or not as the gateway’s contacts say', async () => {
    const gateway = await fakeGateway(SECRET);
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: SECRET });
    const { id, password } = await addUser(server, 'ada');
    const phones = [
      await phoneOf(server, 'ada', password),
      await phoneOf(server, 'ada', password),
      await phoneOf(server, 'ada', password),
    ];
    const [here, gone] = phones;
    const soon = String(Math.floor(Date.now() / 1000) + 60);
    const contact = (endpoint = '', expiration_time = soon) =>
      gateway.contacts.set(`1001;@${endpoint}`, { endpoint, uri: 'sip:x@y', expiration_time });
    contact(here?.credential);
    contact(gone?.credential, '1000');
    await server.gatewayConnected();
    const { devices } = await list(server, id);
    const registered = Object.fromEntries(
      devices.map((device: { id: string; registered: boolean }) => [device.id, device.registered]),
    );
    expect(phones.map(({ device }) => registered[device])).toEqual([true, false, false]);
  });

  it('are revoked one by one', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    const other = await addUser(server, 'grace');
    const [here, there] = [await phoneOf(server, 'ada', password), await phoneOf(server, 'ada', password)];
    const wrong = await server.operate('DELETE', `/v1/users/${other.id}/devices/${here.device}`);
    expect([wrong.status, wrong.body.type]).toEqual([404, problem('no-such-device')]);
    for (let again = 0; again < 2; again += 1) {
      expect((await server.operate('DELETE', `/v1/users/${id}/devices/${here.device}`)).status).toBe(204);
    }
    expect((await server.ask('GET', '/v1/phone-config', { cookie: here.cookie })).status).toBe(401);
    expect((await server.ask('GET', '/v1/phone-config', { cookie: there.cookie })).status).toBe(200);
    expect((await list(server, id)).devices).toMatchObject([{ id: there.device }]);
    const ended = (await list(server, id, '?ended=true')).devices;
    expect(ended).toMatchObject([{ id: here.device, revokedAt: expect.any(String) }]);
    const log = await server.operate('GET', `/v1/audit-log?subject=${here.device}&action=device.revoke`);
    expect(log.body.entries).toHaveLength(1);
  });

  it('are revoked all at once', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    await phoneOf(server, 'ada', password);
    await phoneOf(server, 'ada', password);
    expect((await server.operate('DELETE', `/v1/users/${id}/devices`)).status).toBe(204);
    expect((await list(server, id)).devices).toEqual([]);
    expect((await server.operate('DELETE', '/v1/users/usnone/devices')).status).toBe(404);
    expect((await server.operate('GET', '/v1/users/usnone/devices')).status).toBe(404);
  });
});
