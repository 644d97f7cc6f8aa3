import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeSecrets } from '@handset/gateway-config';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '../log.ts';
import { startServer } from '../server.ts';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, request, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const AMI_SECRET = 'a secret of the manager interface, long';

/** A server and a gateway that share a secret. */
async function withGateway() {
  const gateway = await fakeGateway(AMI_SECRET);
  const directory = mkdtempSync(join(tmpdir(), 'handset-secrets-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'secrets.json');
  const secrets = completeSecrets(() => crypto.randomUUID(), { ami: AMI_SECRET });
  writeFileSync(file, JSON.stringify(secrets));
  const server = await serverUnderTest({ amiPort: gateway.port, environment: { HANDSET_SECRETS: file } });
  await gatewayIs(server, 'connected');
  return { gateway, server };
}

const gatewayIs = (server: ServerUnderTest, state: string) =>
  vi.waitFor(async () => expect((await server.ask('GET', '/readyz')).body.gateway).toBe(state), {
    timeout: 5_000,
  });

/** A device with a credential and, on the gateway, a contact and a call. */
async function liveDevice(
  server: ServerUnderTest,
  { contacts, channels }: Awaited<ReturnType<typeof fakeGateway>>,
  login: string,
) {
  const cookie = await server.signIn(login, `password of ${login}`);
  const { body } = await server.ask('GET', '/v1/phone-config', { cookie });
  const credential: string = body.sip.authorizationUser;
  const contact = `${body.user.extension};@${credential}`;
  const channel = `PJSIP/${credential}-0000000a`;
  contacts.set(contact, { endpoint: credential, uri: `sip:${credential}@192.0.2.1:5060;transport=ws` });
  channels.set(channel, credential);
  return { cookie, credential, contact, channel };
}

const signOut = (server: ServerUnderTest, cookie: string) =>
  server.ask('DELETE', '/v1/sessions/current', { cookie });
const pending = (server: ServerUnderTest) =>
  server.running.database.db.selectFrom('revocations').select('credential_id').execute();
const soon = { timeout: 2_000, interval: 10 };

describe('signing out', () => {
  it('ends contact and call of this device within 2 s, and no other', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const here = await liveDevice(server, gateway, 'ada');
    const there = await liveDevice(server, gateway, 'ada');
    expect((await signOut(server, here.cookie)).status).toBe(204);
    await vi.waitFor(() => {
      expect([...gateway.contacts.keys()]).toEqual([there.contact]);
      expect([...gateway.channels.keys()]).toEqual([there.channel]);
    }, soon);
  });

  it('has the gateway tell the device, and no other', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const here = await liveDevice(server, gateway, 'ada');
    await liveDevice(server, gateway, 'ada');
    gateway.contacts.set('1001;@desk', { endpoint: here.credential, uri: 'sip:desk@192.0.2.7:5060' });
    await signOut(server, here.cookie);
    const told = () => gateway.actions.filter(({ Action }) => Action === 'PJSIPNotify');
    await vi.waitFor(() => expect(gateway.contacts.size).toBe(1), soon);
    const uri = `sip:${here.credential}@192.0.2.1:5060;transport=ws`;
    await vi.waitFor(() => expect(told().map(({ URI }) => URI)).toEqual([uri]), soon);
  });

  it('ends what lives by the device’s earlier credentials, too', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const { cookie } = await liveDevice(server, gateway, 'ada');
    for (let i = 0; i < 7; i += 1) await server.ask('GET', '/v1/phone-config', { cookie });
    await signOut(server, cookie);
    await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), soon);
  });

  it('ends a contact and a call that appear just after: their request was under way', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const { cookie, credential } = await liveDevice(server, gateway, 'ada');
    await signOut(server, cookie);
    await vi.waitFor(() => expect(gateway.contacts.size).toBe(0), soon);
    gateway.contacts.set('1001;@late', { uri: `sip:${credential}@192.0.2.1` });
    gateway.channels.set(`PJSIP/${credential}-0000000b`, '');
    await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), soon);
    await vi.waitFor(async () => expect(await pending(server)).toEqual([]), { timeout: 5_000 });
  });

  it('is done on the gateway as soon as that is back', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const { cookie } = await liveDevice(server, gateway, 'ada');
    await gateway.stop();
    await gatewayIs(server, 'disconnected');
    expect((await signOut(server, cookie)).status).toBe(204);
    expect((await server.ask('GET', '/v1/phone-config', { cookie })).status).toBe(401);
    await vi.waitFor(() => expect(server.log.join()).toContain('has to wait'), soon);
    expect(gateway.contacts.size).toBe(1);
    await gateway.resume();
    await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), { timeout: 5_000 });
  });

  it('is done on the gateway even if the server restarts in between', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const { cookie } = await liveDevice(server, gateway, 'ada');
    await gateway.stop();
    await gatewayIs(server, 'disconnected');
    await signOut(server, cookie);
    await server.running.close();
    await gateway.resume();
    const again = await startServer(server.config, createLog('silent'));
    onTestFinished(() => again.close());
    await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), { timeout: 5_000 });
  });

  it('is tried again where the gateway falls silent in the middle', async () => {
    const { gateway, server } = await withGateway();
    await addUser(server, 'ada');
    const { cookie } = await liveDevice(server, gateway, 'ada');
    gateway.silent = true;
    await signOut(server, cookie);
    await gatewayIs(server, 'disconnected');
    gateway.silent = false;
    await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), { timeout: 8_000 });
  }, 15_000);
});

it('a new password ends contacts and calls on all devices', async () => {
  const { gateway, server } = await withGateway();
  const user = await addUser(server, 'ada');
  await liveDevice(server, gateway, 'ada');
  await liveDevice(server, gateway, 'ada');
  await server.operate('PATCH', `/v1/users/${user.id}`, { password: 'another one' });
  await vi.waitFor(() => expect(gateway.contacts.size + gateway.channels.size).toBe(0), soon);
});

it('measurements tell whether the gateway is connected', async () => {
  const { gateway, server } = await withGateway();
  const told = async () => (await request(`${server.internal}/metrics`, 'GET')).text;
  expect(await told()).toContain('handset_gateway_manager_connected 1');
  await gateway.stop();
  await gatewayIs(server, 'disconnected');
  expect(await told()).toContain('handset_gateway_manager_connected 0');
});
