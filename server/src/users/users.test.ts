import { describe, expect, it } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const ada = { name: 'Ada Lovelace', login: 'ada', password: 'correct horse' };

describe('creating users', () => {
  it('answers the user as made, and gives out extensions one after the other', async () => {
    const server = await serverUnderTest();
    const first = await server.operate('POST', '/v1/users', ada);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.stringMatching(/^us[0-9a-f]{24}$/),
      name: 'Ada Lovelace',
      login: 'ada',
      role: 'user',
      extension: '1001',
      number: null,
      disabled: false,
      policyId: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(first.headers.get('location')).toBe(`/v1/users/${first.body.id}`);
    const second = await server.operate('POST', '/v1/users', { ...ada, login: 'grace' });
    expect(second.body.extension).toBe('1002');
  });

  it('lower-cases logins, so that case makes no second user', async () => {
    const server = await serverUnderTest();
    expect((await server.operate('POST', '/v1/users', { ...ada, login: ' ADA ' })).body.login).toBe('ada');
    const again = await server.operate('POST', '/v1/users', { ...ada, login: 'Ada' });
    expect(again.status).toBe(409);
    expect(again.body.type).toBe('urn:handset:problem:login-taken');
  });

  it('takes a chosen extension once', async () => {
    const server = await serverUnderTest();
    const chosen = await server.operate('POST', '/v1/users', { ...ada, extension: '42' });
    expect(chosen.body.extension).toBe('42');
    const again = await server.operate('POST', '/v1/users', { ...ada, login: 'grace', extension: '42' });
    expect([again.status, again.body.type]).toEqual([409, 'urn:handset:problem:extension-taken']);
  });

  it('refuses emergency numbers as extensions', async () => {
    const server = await serverUnderTest();
    const { status, body } = await server.operate('POST', '/v1/users', { ...ada, extension: '911' });
    expect(status).toBe(400);
    expect(body.faults).toEqual([{ field: 'extension', message: 'must not be an emergency number' }]);
  });

  it('gives and takes none that calls for help: by the country, or because operators say so', async () => {
    const server = await serverUnderTest({
      environment: {
        HANDSET_COUNTRY: 'AT',
        HANDSET_EXTENSION_FIRST: '121',
        HANDSET_EXTENSION_LAST: '124',
      },
    });
    await server.operate('PATCH', '/v1/calling-limits', { emergencyNumbers: ['123'] });
    const add = (login: string, extension?: string) =>
      server.operate('POST', '/v1/users', { ...ada, login, ...(extension && { extension }) });
    // 122 is Austria's fire brigade.
    expect((await add('a')).body.extension).toBe('121');
    const top = (await add('b')).body;
    expect(top.extension).toBe('124');
    expect((await add('c')).body.type).toBe('urn:handset:problem:no-extension-left');
    const faults = [{ field: 'extension', message: 'must not be an emergency number' }];
    for (const extension of ['122', '123']) {
      expect((await add('d', extension)).body.faults).toEqual(faults);
      expect((await server.operate('PATCH', `/v1/users/${top.id}`, { extension })).body.faults).toEqual(
        faults,
      );
    }
  });

  it('fills gaps when the top of the range is taken, and says so when all are', async () => {
    const server = await serverUnderTest({
      environment: { HANDSET_EXTENSION_FIRST: '20', HANDSET_EXTENSION_LAST: '22' },
    });
    const add = (login: string, extension?: string) =>
      server.operate('POST', '/v1/users', { ...ada, login, ...(extension && { extension }) });
    await add('top', '22');
    expect((await add('a')).body.extension).toBe('20');
    expect((await add('b')).body.extension).toBe('21');
    const none = await add('c');
    expect([none.status, none.body.type]).toEqual([409, 'urn:handset:problem:no-extension-left']);
  });

  it('gives each of many created at once an extension of their own', async () => {
    const server = await serverUnderTest();
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) => server.operate('POST', '/v1/users', { ...ada, login: `u${i}` })),
    );
    expect(made.map((answer) => answer.status)).toEqual(Array(20).fill(201));
    expect(new Set(made.map((answer) => answer.body.extension)).size).toBe(20);
  });

  it('keeps names and logins of every script', async () => {
    const server = await serverUnderTest();
    const { body } = await server.operate('POST', '/v1/users', { ...ada, name: '김민지 👋', login: '민지' });
    const read = await server.operate('GET', `/v1/users?login=${encodeURIComponent('민지')}`);
    expect(read.body.users).toEqual([body]);
    expect(body.name).toBe('김민지 👋');
  });

  it('keeps no password, only its argon2id hash', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/users', ada);
    const row = await server.running.database.db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(row)).not.toContain(ada.password);
  });
});

describe('reading users', () => {
  it('pages through all of them in the order in which they were made', async () => {
    const server = await serverUnderTest();
    const logins = ['a', 'b', 'c', 'd', 'e'];
    for (const login of logins) await addUser(server, login);
    const seen: string[] = [];
    let path = '/v1/users?limit=2';
    for (let pages = 1; ; pages += 1) {
      const { body } = await server.operate('GET', path);
      seen.push(...body.users.map((user: { login: string }) => user.login));
      if (body.next === null) {
        expect(pages).toBe(3);
        break;
      }
      path = `/v1/users?limit=2&cursor=${body.next}`;
    }
    expect(seen.toSorted()).toEqual(logins);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('finds one by login in any case, and nobody by another', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', '+12025550150');
    const found = await server.operate('GET', '/v1/users?login=ADA');
    expect(found.body.users).toMatchObject([{ id, number: '+12025550150' }]);
    expect((await server.operate('GET', '/v1/users?login=eve')).body).toEqual({ users: [], next: null });
  });

  it('filters by role, extension, state, policy and part of a name', async () => {
    const server = await serverUnderTest();
    const [ada, grace] = [await addUser(server, 'ada'), await addUser(server, 'grace')];
    await server.operate('PATCH', `/v1/users/${ada.id}`, { role: 'admin', name: '100% Ada_L' });
    await server.operate('PATCH', `/v1/users/${grace.id}`, { disabled: true });
    const logins = async (query: string) =>
      (await server.operate('GET', `/v1/users?${query}`)).body.users.map(
        ({ login }: { login: string }) => login,
      );
    const policy = (await server.operate('POST', '/v1/policies', { name: 'Sales' })).body;
    await server.operate('PATCH', `/v1/users/${grace.id}`, { policyId: policy.id });
    expect(await logins(`policyId=${policy.id}`)).toEqual(['grace']);
    expect(await logins('role=admin')).toEqual(['ada']);
    expect(await logins('disabled=true')).toEqual(['grace']);
    expect(await logins('disabled=false')).toEqual(['ada']);
    expect(await logins(`extension=${grace.extension}`)).toEqual(['grace']);
    expect(await logins('search=OF%20GR')).toEqual(['grace']);
    expect(await logins('search=100%25')).toEqual(['ada']);
    expect(await logins('search=a_l')).toEqual(['ada']);
    expect(await logins('search=a_a')).toEqual([]);
  });

  it('refuses a cursor that is none', async () => {
    const server = await serverUnderTest();
    const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const cursor of ['xyz', made([1]), made([-1, 'us0']), made(['1', 'us0']), made([1, 'a\u0000'])]) {
      const { status, body } = await server.operate('GET', `/v1/users?cursor=${cursor}`);
      expect(status).toBe(400);
      expect(body.faults).toEqual([{ field: 'query.cursor', message: 'is not a cursor of this list' }]);
    }
  });

  it('answers 404 for a user who is not there', async () => {
    const server = await serverUnderTest();
    for (const method of ['GET', 'PATCH']) {
      const { status, body } = await server.operate(
        method,
        '/v1/users/us0',
        method === 'PATCH' ? {} : undefined,
      );
      expect([status, body.type]).toEqual([404, 'urn:handset:problem:no-such-user']);
    }
  });
});

describe('changing users', () => {
  it('changes the name and leaves sign-ins alone', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', user.password);
    const { status, body } = await server.operate('PATCH', `/v1/users/${user.id}`, { name: 'Ada King' });
    expect([status, body.name]).toEqual([200, 'Ada King']);
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).body.user.name).toBe('Ada King');
  });

  it('changes the login to one that nobody has, and leaves sign-ins alone', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada');
    await addUser(server, 'grace');
    const cookie = await server.signIn('ada', user.password);
    const taken = await server.operate('PATCH', `/v1/users/${user.id}`, { login: 'Grace' });
    expect([taken.status, taken.body.type]).toEqual([409, 'urn:handset:problem:login-taken']);
    expect((await server.operate('PATCH', `/v1/users/${user.id}`, { login: 'King' })).body.login).toBe(
      'king',
    );
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).body.user.login).toBe('king');
    await server.signIn('king', user.password);
  });

  it('signs out everywhere with a new password, and nowhere with the same one', async () => {
    const server = await serverUnderTest();
    const user = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', user.password);
    await server.operate('PATCH', `/v1/users/${user.id}`, { password: user.password });
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(200);
    await server.operate('PATCH', `/v1/users/${user.id}`, { password: 'another one' });
    expect((await server.ask('GET', '/v1/sessions/current', { cookie })).status).toBe(401);
    await server.signIn('ada', 'another one');
  });
});
