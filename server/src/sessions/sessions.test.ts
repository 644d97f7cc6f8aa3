import { describe, expect, it } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

describe('signing in', () => {
  it('answers who it is, and sets a cookie that scripts, other sites and the gateway never see', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada', '+12025550150');
    const { login, password } = user;
    const { status, body, headers } = await server.ask('POST', '/v1/sessions', { body: { login, password } });
    expect(status).toBe(201);
    expect(body).toEqual({
      user: { id: user.id, name: 'Name of ada', login, extension: '1001', number: '+12025550150' },
      device: { id: expect.stringMatching(/^de[0-9a-f]{24}$/) },
    });
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^handset_session=[\w-]{43}; Path=\/v1; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
      ),
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('makes the cookie Secure where the browser came over https', async () => {
    const server = await serverUnderTest();
    const { login, password } = await addUser(server, 'ada');
    const overTls = await server.ask('POST', '/v1/sessions', {
      body: { login, password },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(overTls.headers.getSetCookie()[0]).toMatch(/; Secure/);
    const behindTls = await serverUnderTest({
      environment: { HANDSET_PUBLIC_URL: 'https://phone.example.com' },
    });
    await addUser(behindTls, 'ada');
    const { headers } = await behindTls.ask('POST', '/v1/sessions', { body: { login, password } });
    expect(headers.getSetCookie()[0]).toMatch(/; Secure/);
  });

  it('takes the login in any case', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    await server.signIn(' ADA', password);
  });

  it('answers an unknown login, a wrong password and a disabled user alike', async () => {
    const server = await serverUnderTest();
    await addUser(server, 'ada');
    const { id, password } = await addUser(server, 'gone');
    const { db } = server.running.database;
    await db.updateTable('users').set({ disabled_at: 1 }).where('id', '=', id).execute();
    const attempts = [
      { login: 'ada', password: 'a wrong one' },
      { login: 'nobody', password: 'a wrong one' },
      { login: 'gone', password },
      { login: 'ada', password: 'x' },
    ];
    const answers = await Promise.all(attempts.map((body) => server.ask('POST', '/v1/sessions', { body })));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
      expect([...answer.headers.keys()]).toEqual([...(answers[0]?.headers.keys() ?? [])]);
    }
    expect(answers[0]?.body.type).toBe('urn:handset:problem:sign-in-failed');
  });

  it('takes as long for an unknown login as for a wrong password', async () => {
    const server = await serverUnderTest();
    for (let i = 0; i < 12; i += 1) await addUser(server, `user${i}`);
    const timed = async (login: string) => {
      const begin = performance.now();
      await server.ask('POST', '/v1/sessions', { body: { login, password: 'a wrong one' } });
      return performance.now() - begin;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      known.push(await timed(`user${i}`));
      unknown.push(await timed(`nobody${i}`));
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[6] ?? 0;
    // Hashing takes some 15 ms and all else 2: without it the ratio would be far below.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.6);
    expect(median(unknown) / median(known)).toBeLessThan(1.7);
  }, 30_000);

  it('has guessing wait, with the same answer for known and unknown logins', async () => {
    const server = await serverUnderTest();
    await addUser(server, 'ada');
    for (const login of ['ada', 'nobody']) {
      const attempt = () => server.ask('POST', '/v1/sessions', { body: { login, password: 'a wrong one' } });
      for (let i = 0; i < 8; i += 1) expect((await attempt()).status).toBe(401);
      const limited = await attempt();
      expect([limited.status, limited.body.type]).toEqual([429, 'urn:handset:problem:too-many-attempts']);
      expect(limited.headers.get('retry-after')).toBe('1');
    }
  });
});

describe('a session', () => {
  it('ends with sign-out, for this device only', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    const [here, there] = [await server.signIn('ada', password), await server.signIn('ada', password)];
    const out = await server.ask('DELETE', '/v1/sessions/current', { cookie: here });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toMatch(/^handset_session=; Path=\/v1; Expires=Thu, 01 Jan 1970/);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie: here })).status).toBe(401);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie: there })).status).toBe(200);
  });

  it('ends when its time is over, or its user is disabled', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', password);
    const { db } = server.running.database;
    const now = async () => (await server.ask('GET', '/v1/sessions/current', { cookie })).status;
    await db.updateTable('users').set({ disabled_at: 1 }).execute();
    expect(await now()).toBe(401);
    await db.updateTable('users').set({ disabled_at: null }).execute();
    expect(await now()).toBe(200);
    await db
      .updateTable('devices')
      .set({ expires_at: Date.now() - 1 })
      .execute();
    expect(await now()).toBe(401);
  });

  it('is kept only as a digest', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    const token = (await server.signIn('ada', password)).split('=')[1] ?? '';
    const row = await server.running.database.db.selectFrom('devices').selectAll().executeTakeFirstOrThrow();
    expect(row.session_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it.each([undefined, '', 'handset_session=', 'handset_session=guess', 'handset_session=%00', 'other=1'])(
    'is none with the cookie %j',
    async (cookie) => {
      const server = await serverUnderTest();
      for (const path of ['/v1/sessions/current', '/v1/phone-config']) {
        const { status, body, headers } = await server.ask('GET', path, { cookie });
        expect([status, body.type]).toEqual([401, 'urn:handset:problem:not-authenticated']);
        expect(headers.get('www-authenticate')).toBe('Session realm="handset"');
      }
    },
  );
});

describe('a page of another site', () => {
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];

  it.each(foreign)('can neither sign in nor do anything with the cookie: %j', async (headers) => {
    const server = await serverUnderTest();
    const { login, password } = await addUser(server, 'ada');
    const cookie = await server.signIn(login, password);
    const asks = [
      server.ask('POST', '/v1/sessions', { body: { login, password }, headers }),
      server.ask('DELETE', '/v1/sessions/current', { cookie, headers }),
      server.ask('GET', '/v1/phone-config', { cookie, headers }),
    ];
    for (const { status, body } of await Promise.all(asks)) {
      expect([status, body.type]).toEqual([403, 'urn:handset:problem:cross-site']);
    }
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(200);
  });

  it('is told from the own page, by the address asked for or the public one', async () => {
    const server = await serverUnderTest();
    const { login, password } = await addUser(server, 'ada');
    for (const origin of [server.api, server.config.topology.publicUrl]) {
      const headers = { origin, 'sec-fetch-site': 'same-origin' };
      const { status } = await server.ask('POST', '/v1/sessions', { body: { login, password }, headers });
      expect(status).toBe(201);
    }
  });
});
