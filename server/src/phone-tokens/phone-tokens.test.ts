import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const ELSEWHERE = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };

const EMBEDDED = { environment: { HANDSET_EMBED_ORIGINS: `https://a.example, ${ELSEWHERE.origin}` } };

const mint = (server: ServerUnderTest, id: string, body: object = {}) =>
  server.operate('POST', `/v1/users/${id}/phone-tokens`, body);
const configWith = (server: ServerUnderTest, token: string, path = '/v1/phone-config') =>
  server.ask('GET', path, { headers: { ...ELSEWHERE, authorization: `Bearer ${token}` } });

describe('a phone token', () => {
  it('gets a page of another origin the phone’s configuration, without a password', async () => {
    const server = await serverUnderTest(EMBEDDED);
    const { id } = await addUser(server, 'ada', '+12025550150');
    const { status, body } = await mint(server, id, { seconds: 60 });
    expect(status).toBe(201);
    const left = Date.parse(body.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    const config = await configWith(server, body.token);
    expect(config.status).toBe(200);
    expect(config.body).toMatchObject({ user: { id, number: '+12025550150' }, deviceId: body.deviceId });
    expect(config.headers.get('access-control-allow-origin')).toBe(ELSEWHERE.origin);
    expect(config.headers.get('vary')).toContain('Origin');
    expect(config.headers.has('access-control-allow-credentials')).toBe(false);
    // The phone goes on long after the token is over.
    expect(Date.parse(config.body.sip.expiresAt) - Date.now()).toBeGreaterThan(11 * 3_600_000);
  });

  it('is let through by a browser’s question before (CORS)', async () => {
    const server = await serverUnderTest(EMBEDDED);
    const { status, headers } = await server.ask('OPTIONS', '/v1/phone-config', { headers: ELSEWHERE });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type, idempotency-key');
    expect(headers.get('access-control-allow-methods')).toBe('GET');
    const other = await server.ask('OPTIONS', '/v1/users', { headers: ELSEWHERE });
    expect(other.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('is of no use to a page whose origin the settings do not name', async () => {
    const server = await serverUnderTest(EMBEDDED);
    const { id } = await addUser(server, 'ada');
    const { token } = (await mint(server, id)).body;
    for (const origin of [
      'https://evil.example',
      'https://shop.example.evil.example',
      'http://shop.example',
    ]) {
      const headers = { origin, authorization: `Bearer ${token}` };
      for (const method of ['OPTIONS', 'GET']) {
        const answer = await server.ask(method, '/v1/phone-config', { headers });
        expect(answer.headers.has('access-control-allow-origin'), `${method} from ${origin}`).toBe(false);
      }
    }
  });

  it('opens nothing else, not even an admin’s', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    await server.operate('PATCH', `/v1/users/${id}`, { role: 'admin' });
    const { token } = (await mint(server, id)).body;
    for (const path of ['/v1/users', '/v1/sessions/current', '/v1/api-keys']) {
      expect((await server.ask('GET', path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
        401,
      );
    }
    expect((await server.ask('GET', '/v1/phone-config', { cookie: `handset_session=${token}` })).status).toBe(
      401,
    );
  });

  it('leaves the cookie to the own page', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', password);
    const { status, body } = await server.ask('GET', '/v1/phone-config', { cookie, headers: ELSEWHERE });
    expect([status, body.type]).toEqual([403, problem('cross-site')]);
  });

  it('that is false, changed, of another key or of none is refused', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    const { token } = (await mint(server, id)).body;
    const [head = '', claims = '', signature = ''] = token.split('.');
    const other = { ...decodeJwt(token), sub: 'usother' };
    const forged = Buffer.from(JSON.stringify(other)).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const foreign = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(server.config.secrets.internal));
    for (const wrong of [
      'x',
      `${head}.${forged}.${signature}`,
      `${none}.${claims}.`,
      foreign,
      server.config.secrets.apiKey,
    ]) {
      expect((await configWith(server, wrong)).status).toBe(401);
    }
  });

  it('is over when its time, its device or its user is', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    const short = (await mint(server, id, { seconds: 3 })).body;
    expect((await configWith(server, short.token)).status).toBe(200);
    await expect
      .poll(async () => (await configWith(server, short.token)).status, { timeout: 5_000 })
      .toBe(401);
    const revoked = (await mint(server, id)).body;
    await server.operate('DELETE', `/v1/users/${id}/devices/${revoked.deviceId}`);
    expect((await configWith(server, revoked.token)).status).toBe(401);
    const { token } = (await mint(server, id)).body;
    await server.operate('PATCH', `/v1/users/${id}`, { disabled: true });
    expect((await configWith(server, token)).status).toBe(401);
    expect((await mint(server, id)).body.type).toBe(problem('user-disabled'));
    expect((await mint(server, 'usnone')).body.type).toBe(problem('no-such-user'));
  }, 20_000);

  it('can be another one of the same device, of its own user alone and not of a sign-in', async () => {
    const server = await serverUnderTest();
    const [ada, grace] = [await addUser(server, 'ada'), await addUser(server, 'grace')];
    const { deviceId } = (await mint(server, ada.id)).body;
    expect((await mint(server, ada.id, { deviceId })).body.deviceId).toBe(deviceId);
    expect((await mint(server, grace.id, { deviceId })).body.type).toBe(problem('no-such-device'));
    await server.signIn('ada', ada.password);
    const { devices } = (await server.operate('GET', `/v1/users/${ada.id}/devices`)).body;
    expect(devices).toHaveLength(2);
    const signedIn = devices.find((device: { id: string }) => device.id !== deviceId);
    expect((await mint(server, ada.id, { deviceId: signedIn.id })).body.type).toBe(problem('no-such-device'));
  });

  it('is neither kept nor logged', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    const { token } = (await mint(server, id)).body;
    await configWith(server, token);
    const { db } = server.running.database;
    const kept = [
      await db.selectFrom('devices').selectAll().execute(),
      await db.selectFrom('audit_log').selectAll().execute(),
    ];
    const signature = token.split('.')[2];
    expect(JSON.stringify(kept)).not.toContain(signature);
    expect(server.log.join()).not.toContain(signature);
  });
});
