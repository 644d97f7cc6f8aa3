import { describe, expect, it, vi } from 'vitest';
import { type FakeGateway, fakeGateway } from '../testing/fake-gateway.ts';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const SECRET = 'a secret for the manager interface';

async function underTest(environment: Readonly<Record<string, string>> = {}) {
  const gateway = await fakeGateway(SECRET);
  const server = await serverUnderTest({
    amiPort: gateway.port,
    amiSecret: SECRET,
    environment: { HANDSET_BAN_FAILURES: '3', ...environment },
  });
  await server.gatewayConnected();
  const fail = (address: string, count: number, transport = 'IPV4/UDP') => {
    for (let i = 0; i < count; i += 1) {
      const RemoteAddress = `${transport}/${address}/5060`;
      gateway.tell({ Event: 'ChallengeResponseFailed', AccountID: '<unknown>', RemoteAddress });
    }
  };
  return { gateway, server, fail };
}

async function addresses(server: ServerUnderTest): Promise<string[]> {
  const { body } = await server.operate('GET', '/v1/bans');
  return body.bans.map(({ address }: { address: string }) => address);
}

/** Waits until these are banned, the latest first; failures are worked off in their order. */
const banned = (server: ServerUnderTest, expected: readonly string[]) =>
  vi.waitFor(async () => expect(await addresses(server)).toEqual(expected));

const readings = ({ actions }: FakeGateway) =>
  actions.filter(({ Action }) => Action === 'SorceryMemoryCachePopulate').length;

describe('failed SIP authentications', () => {
  it('ban an address for some time, and the gateway is told', async () => {
    const { gateway, server, fail } = await underTest({ HANDSET_BAN_SECONDS: '120' });
    const before = readings(gateway);
    fail('192.0.2.1', 2);
    fail('192.0.2.2', 3);
    await banned(server, ['192.0.2.2']);
    const { body } = await server.operate('GET', '/v1/bans');
    const [ban] = body.bans;
    expect(ban.failures).toBe(3);
    expect(Date.parse(ban.expiresAt) - Date.parse(ban.createdAt)).toBe(120_000);
    await vi.waitFor(() => expect(readings(gateway)).toBe(before + 1));
    const log = await server.operate('GET', '/v1/audit-log?action=ban.create');
    expect(log.body.entries[0]).toMatchObject({
      by: { kind: 'server' },
      subject: ban.id,
      to: { address: '192.0.2.2', failures: 3, expiresAt: ban.expiresAt },
    });
    const metrics = await server.askInternal('GET', '/metrics');
    expect(metrics.text).toContain('handset_sip_auth_failures_total{way="sip"} 5');
    expect(metrics.text).toContain('handset_bans_total 1');
  });

  it('from a whole IPv6 /64 count together', async () => {
    const { server, fail } = await underTest();
    for (const host of ['1', '2', 'ffff']) fail(`2001:db8::${host}`, 1, 'IPV6/TCP');
    await banned(server, ['2001:db8:0:0::/64']);
  });

  it('ban neither the proxy, nor a carrier, nor where a device is registered', async () => {
    const { gateway, server, fail } = await underTest({ HANDSET_TRUNK: '192.0.2.9:5060' });
    const uri = 'sip:ph1@192.0.2.5:5060;transport=tcp';
    gateway.contacts.set('1001;@a', {
      endpoint: 'ph1',
      uri,
      expiration_time: String(Date.now() / 1000 + 60),
    });
    fail('203.0.113.1', 3, 'IPV4/WS');
    for (const address of ['127.0.0.1', '192.0.2.9', '192.0.2.5', '192.0.2.6']) fail(address, 3);
    await banned(server, ['192.0.2.6']);
  });

  it('ban nobody where the settings say so', async () => {
    const { server, fail } = await underTest({ HANDSET_BAN_FAILURES: '0' });
    fail('192.0.2.1', 50);
    await vi.waitFor(async () =>
      expect((await server.askInternal('GET', '/metrics')).text).toContain(
        'handset_sip_auth_failures_total{way="sip"} 50',
      ),
    );
    expect(await addresses(server)).toEqual([]);
  });

  it('of someone who cannot be a client do nothing', async () => {
    const { gateway, server, fail } = await underTest();
    for (let i = 0; i < 3; i += 1)
      gateway.tell({ Event: 'ChallengeResponseFailed', RemoteAddress: 'nonsense' });
    fail("192.0.2.1'", 3);
    fail('192.0.2.6', 3);
    await banned(server, ['192.0.2.6']);
  });
});

describe('a ban', () => {
  it('is lifted once, with an entry in the audit log, and the gateway is told', async () => {
    const { gateway, server, fail } = await underTest();
    fail('192.0.2.1', 3);
    await banned(server, ['192.0.2.1']);
    const { body } = await server.operate('GET', '/v1/bans?address=192.0.2.1');
    await vi.waitFor(() => expect(readings(gateway)).toBe(2));
    const path = `/v1/bans/${body.bans[0].id}`;
    expect((await server.operate('DELETE', path)).status).toBe(204);
    expect(await addresses(server)).toEqual([]);
    await vi.waitFor(() => expect(readings(gateway)).toBe(3));
    expect((await server.operate('DELETE', path)).body.type).toBe('urn:handset:problem:no-such-ban');
    const log = await server.operate('GET', '/v1/audit-log?action=ban.delete');
    expect(log.body.entries[0].from.address).toBe('192.0.2.1');
    // And counts anew.
    fail('192.0.2.1', 2);
    fail('192.0.2.3', 3);
    await banned(server, ['192.0.2.3']);
  });

  it('ends by itself', async () => {
    const { server, fail } = await underTest();
    fail('192.0.2.1', 3);
    await banned(server, ['192.0.2.1']);
    const { body } = await server.operate('GET', '/v1/bans');
    await server.running.database.db
      .updateTable('bans')
      .set({ expires_at: Date.now() - 1 })
      .execute();
    expect(await addresses(server)).toEqual([]);
    expect((await server.operate('DELETE', `/v1/bans/${body.bans[0].id}`)).status).toBe(404);
  });

  it('is a matter of its own scopes', async () => {
    const { server } = await underTest();
    const key = async (scope: string) =>
      (await server.operate('POST', '/v1/api-keys', { name: scope, scopes: [scope] })).body.key;
    const ask = async (scope: string, method: string, path: string) =>
      (await server.ask(method, path, { headers: { authorization: `Bearer ${await key(scope)}` } })).status;
    expect(await ask('bans:read', 'GET', '/v1/bans')).toBe(200);
    expect(await ask('bans:read', 'DELETE', '/v1/bans/ba1')).toBe(403);
    expect(await ask('bans:write', 'DELETE', '/v1/bans/ba1')).toBe(404);
    expect(await ask('users:write', 'GET', '/v1/bans')).toBe(403);
  });
});
