import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { startServer } from '../server.ts';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { serverUnderTest } from '../testing/server-under-test.ts';
import { addressTrunk, createTrunk, digestTrunk, faultsOf, linesOf } from '../testing/trunks.ts';

describe('a trunk', () => {
  it('is made with defaults, read, changed, listed and deleted, and each change is audited', async () => {
    const server = await serverUnderTest();
    const made = await server.operate('POST', '/v1/trunks', addressTrunk);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...addressTrunk, transport: 'udp', priority: 10, enabled: true });
    const path = `/v1/trunks/${made.body.id}`;
    expect(made.headers.get('location')).toBe(path);
    expect((await server.operate('GET', path)).body).toEqual({ ...made.body, status: null });
    const changed = await server.operate('PATCH', path, { priority: 1, channelLimit: 30 });
    expect(changed.body).toEqual({ ...made.body, priority: 1, channelLimit: 30 });
    const listed = await server.operate('GET', '/v1/trunks?limit=1');
    expect(listed.body.trunks).toMatchObject([{ id: 'trunk', fromSettings: true }]);
    const next = await server.operate('GET', `/v1/trunks?limit=1&cursor=${listed.body.next}`);
    expect(next.body).toEqual({ trunks: [changed.body], next: null });
    expect((await server.operate('DELETE', path)).status).toBe(204);
    expect((await server.operate('GET', path)).status).toBe(404);
    const { body } = await server.operate('GET', `/v1/audit-log?subject=${made.body.id}`);
    expect(body.entries.map(({ action }: { action: string }) => action)).toEqual([
      'trunk.delete',
      'trunk.update',
      'trunk.create',
    ]);
    expect(body.entries[1]).toMatchObject({
      from: { priority: 10, channelLimit: null },
      to: { priority: 1, channelLimit: 30 },
    });
  });

  it('is found by kind and by whether it is enabled', async () => {
    const server = await serverUnderTest();
    const off = await createTrunk(server, { ...digestTrunk, enabled: false });
    const list = async (query: string) => (await server.operate('GET', `/v1/trunks?${query}`)).body.trunks;
    expect(await list('enabled=false')).toEqual([off]);
    expect(await list('kind=digest')).toEqual([off]);
    expect(await list('kind=registration')).toEqual([]);
  });

  it('that is no good is refused with every fault named, and the gateway sees nothing of it', async () => {
    const server = await serverUnderTest();
    const before = await server.running.database.db.selectFrom('gateway_config').selectAll().execute();
    const { status, body } = await server.operate('POST', '/v1/trunks', {
      ...digestTrunk,
      hosts: [{ host: 'no such host', port: 0 }],
      transport: 'sctp',
      inboundAddresses: ['127.0.0.0/8', '10.0.0.0/4'],
      codecs: ['pcmu', 'pcmu'],
      outboundFormat: { form: 'national', country: 'XX' },
      priority: -1,
      optionsIntervalSeconds: 2,
      password: 'two words',
      colour: 'red',
    });
    expect(status).toBe(400);
    expect(faultsOf(body)).toEqual([
      'codecs',
      'colour',
      'hosts.0.host',
      'hosts.0.port',
      'inboundAddresses.0',
      'inboundAddresses.1',
      'optionsIntervalSeconds',
      'outboundFormat.country',
      'password',
      'priority',
      'transport',
    ]);
    expect(await server.running.database.db.selectFrom('gateway_config').selectAll().execute()).toEqual(
      before,
    );
  });

  it('is checked as a whole, when it is changed, too', async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, addressTrunk);
    const patch = async (change: object) =>
      faultsOf((await server.operate('PATCH', `/v1/trunks/${id}`, change)).body);
    expect(await patch({ callerIdHeader: 'pai' })).toEqual(['fromUser']);
    expect(await patch({ srtp: 'required' })).toEqual(['srtp']);
    expect(await patch({ username: 'x', registrationSeconds: 60 })).toEqual([
      'registrationSeconds',
      'username',
    ]);
    expect(await patch({ password: 'secret' })).toEqual(['password']);
    expect((await server.operate('GET', '/v1/trunks/trno')).status).toBe(404);
  });

  it('needs its scope', async () => {
    const server = await serverUnderTest();
    const { body } = await server.operate('POST', '/v1/api-keys', { name: 'r', scopes: ['trunks:read'] });
    const headers = { authorization: `Bearer ${body.key}` };
    expect((await server.ask('GET', '/v1/trunks', { headers })).status).toBe(200);
    expect((await server.ask('POST', '/v1/trunks', { headers, body: addressTrunk })).status).toBe(403);
  });

  it('is made once for an Idempotency-Key', async () => {
    const server = await serverUnderTest();
    const headers = {
      authorization: `Bearer ${server.config.secrets.apiKey}`,
      'idempotency-key': 'order-1',
    };
    const first = await server.ask('POST', '/v1/trunks', { headers, body: digestTrunk });
    const again = await server.ask('POST', '/v1/trunks', { headers, body: digestTrunk });
    expect(again.body).toEqual(first.body);
    expect((await server.operate('GET', '/v1/trunks')).body.trunks).toHaveLength(2);
  });
});

describe('a password', () => {
  it('is shown nowhere: neither in answers, nor in the audit log, nor in what is logged', async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, digestTrunk);
    const path = `/v1/trunks/${id}`;
    await server.operate('PATCH', path, { password: 'another-good-password' });
    const shown = [
      (await server.operate('GET', path)).text,
      (await server.operate('GET', '/v1/trunks')).text,
      (await server.operate('GET', '/v1/audit-log')).text,
      ...server.log,
    ].join('\n');
    expect(shown).not.toMatch(/correct-horse-battery|another-good-password/);
    expect(shown).toContain('"password":"changed"');
    expect(await linesOf(server, id, 'auth')).toContain('password=another-good-password');
  });

  it('is kept as a digest where the realm is known, and has to be given again for another realm', async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, { ...digestTrunk, realm: 'carrier.example' });
    const ha1 = createHash('md5').update('handset:carrier.example:correct-horse-battery').digest('hex');
    expect(await linesOf(server, id, 'auth')).toEqual([
      'auth_type=md5',
      'username=handset',
      'realm=carrier.example',
      `md5_cred=${ha1}`,
    ]);
    const { db } = server.running.database;
    expect(JSON.stringify(await db.selectFrom('trunks').selectAll().execute())).not.toContain(
      'correct-horse',
    );
    const refused = await server.operate('PATCH', `/v1/trunks/${id}`, { realm: 'other.example' });
    expect(faultsOf(refused.body)).toEqual(['password']);
    const both = { realm: 'other.example', password: 'new-password' };
    expect((await server.operate('PATCH', `/v1/trunks/${id}`, both)).status).toBe(200);
  });
});

describe('the trunk of the settings', () => {
  it('follows them at each start, until somebody says otherwise', async () => {
    const server = await serverUnderTest();
    const trunk = async () => (await server.operate('GET', '/v1/trunks/trunk')).body;
    expect(await trunk()).toMatchObject({
      name: 'Simulated carrier',
      fromSettings: true,
      hosts: [{ host: '127.0.0.9', port: 8087 }],
    });
    await server.running.close();
    const { settings, topology } = server.config;
    const config = {
      ...server.config,
      settings: { ...settings, HANDSET_TRUNK: '192.0.2.1' },
      topology: { ...topology, trunk: { host: '192.0.2.1', port: 5060 } },
    };
    const restarted = await startServer(config, createLog('silent'));
    const { db } = restarted.database;
    const row = () => db.selectFrom('trunks').selectAll().executeTakeFirstOrThrow();
    expect(await row()).toMatchObject({ name: '192.0.2.1', resolved: '["192.0.2.1"]' });
    await db.updateTable('trunks').set({ from_settings: 0 }).execute();
    await restarted.close();
    const again = await startServer(server.config, createLog('silent'));
    expect(
      (await again.database.db.selectFrom('trunks').selectAll().executeTakeFirstOrThrow()).settings,
    ).toContain('192.0.2.1');
    await again.close();
  });

  it('stops following them when its hosts are changed, and follows again when told', async () => {
    const server = await serverUnderTest();
    const patch = async (body: object) => (await server.operate('PATCH', '/v1/trunks/trunk', body)).body;
    expect(await patch({ priority: 2 })).toMatchObject({ fromSettings: true });
    expect(await patch({ hosts: addressTrunk.hosts })).toMatchObject({
      fromSettings: false,
      hosts: addressTrunk.hosts,
    });
    expect(await linesOf(server, 'trunk', 'identify')).toEqual(['endpoint=trunk', 'match=192.0.2.10']);
    expect(await patch({ fromSettings: true })).toMatchObject({
      fromSettings: true,
      hosts: [{ host: '127.0.0.9', port: 8087 }],
    });
    expect((await server.operate('DELETE', '/v1/trunks/trunk')).status).toBe(204);
  });
});

describe('the gateway', () => {
  it('is told to read the trunks after each change, and each time it is there again', async () => {
    const gateway = await fakeGateway('a secret of the manager interface, long');
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: gateway.secret });
    await server.gatewayConnected();
    const reloads = () => gateway.actions.filter(({ Action }) => Action === 'Reload').length;
    await expect.poll(reloads).toBe(1);
    await createTrunk(server, addressTrunk);
    await expect.poll(reloads).toBe(2);
    await gateway.stop();
    await createTrunk(server, { ...addressTrunk, name: 'While it was away' });
    await gateway.resume();
    await expect.poll(reloads, { timeout: 5_000 }).toBe(3);
  });

  it('has no identify and no registration of a trunk that is not enabled', async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, { ...digestTrunk, kind: 'registration', enabled: false });
    expect(await linesOf(server, id, 'endpoint')).not.toEqual([]);
    expect(await linesOf(server, id, 'identify')).toEqual([]);
    expect(await linesOf(server, `${id}-1`, 'registration')).toEqual([]);
  });
});
