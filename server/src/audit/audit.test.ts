import { describe, expect, it } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const e164 = '+12025550150';

describe('the audit log', () => {
  it('has every change: who, what, from and to', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', e164);
    await server.operate('PATCH', `/v1/users/${id}`, { name: 'Ada King', extension: '42' });
    await server.operate('DELETE', `/v1/users/${id}`);
    const { body } = await server.operate('GET', '/v1/audit-log');
    const by = { kind: 'key', id: 'akfirst', name: 'First key' };
    const ada = { name: 'Name of ada', login: 'ada', role: 'user', extension: '1001' };
    const made = { ...ada, policyId: null };
    const seen = body.entries.map(({ id: _id, at, ...entry }: { id: string; at: string }) => {
      expect(Date.now() - Date.parse(at)).toBeLessThan(60_000);
      return entry;
    });
    expect(seen).toEqual(
      expect.arrayContaining([
        { by, action: 'user.create', subject: id, from: null, to: made },
        { by, action: 'number.create', subject: e164, from: null, to: null },
        {
          by,
          action: 'user.update',
          subject: id,
          from: { name: 'Name of ada', extension: '1001' },
          to: { name: 'Ada King', extension: '42' },
        },
        {
          by,
          action: 'user.delete',
          subject: id,
          from: { ...ada, name: 'Ada King', extension: '42' },
          to: null,
        },
      ]),
    );
    const actions = seen.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(expect.arrayContaining(['number.assign', 'number.release']));
    expect(actions).toHaveLength(6);
  });

  it('has people’s own doings, and those of an admin in their name', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    await server.operate('PATCH', `/v1/users/${id}`, { role: 'admin' });
    const cookie = await server.signIn('ada', password);
    await server.ask('PATCH', `/v1/users/${id}`, { cookie, body: { name: 'Ada King' } });
    await server.ask('DELETE', '/v1/sessions/current', { cookie });
    const { body } = await server.operate('GET', `/v1/audit-log?actor=${id}`);
    const by = { kind: 'user', id, name: 'ada' };
    expect(body.entries).toHaveLength(3);
    expect(body.entries).toMatchObject(
      ['device.sign-out', 'user.update', 'device.sign-in']
        .map((action) => ({ by, action }))
        .map((entry) => expect.objectContaining(entry)),
    );
  });

  it('has no secret, whatever was changed', async () => {
    const server = await serverUnderTest();
    const { id, password } = await addUser(server, 'ada');
    await server.operate('PATCH', `/v1/users/${id}`, { password: 'a new secret' });
    const cookie = await server.signIn('ada', 'a new secret');
    const key = await server.operate('POST', '/v1/api-keys', { name: 'Shop', scopes: ['users:read'] });
    const rows = JSON.stringify(
      await server.running.database.db.selectFrom('audit_log').selectAll().execute(),
    );
    for (const secret of [password, 'a new secret', 'argon2', cookie.split('=')[1], key.body.key]) {
      expect(rows).not.toContain(secret);
    }
    expect(rows).toContain('changed');
  });

  it('has nothing of what was refused or changed nothing', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', e164);
    const count = async () => (await server.operate('GET', '/v1/audit-log')).body.entries.length;
    const before = await count();
    await server.operate('POST', '/v1/numbers', { e164 });
    await server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: id });
    await server.operate('PATCH', `/v1/users/${id}`, { name: 'Name of ada' });
    await server.operate('PATCH', `/v1/users/${id}`, {});
    await server.operate('POST', '/v1/users', { name: 'x', login: 'ada', password: 'long enough' });
    expect(await count()).toBe(before);
  });

  it('is read page by page, by action, by subject and by time', async () => {
    const server = await serverUnderTest();
    const users = [
      await addUser(server, 'ada'),
      await addUser(server, 'grace'),
      await addUser(server, 'eve'),
    ];
    const first = await server.operate('GET', '/v1/audit-log?action=user.create&limit=2');
    const second = await server.operate(
      'GET',
      `/v1/audit-log?action=user.create&limit=2&cursor=${first.body.next}`,
    );
    const subjects = [...first.body.entries, ...second.body.entries].map(({ subject }) => subject);
    expect(subjects.toSorted()).toEqual(users.map(({ id }) => id).toSorted());
    expect(second.body.next).toBeNull();
    const own = await server.operate('GET', `/v1/audit-log?subject=${users[1]?.id}`);
    expect(own.body.entries).toHaveLength(1);
    const { at } = own.body.entries[0];
    const between = async (query: string) =>
      (await server.operate('GET', `/v1/audit-log?subject=${users[1]?.id}&${query}`)).body.entries;
    expect(await between(`from=${at}`)).toEqual(own.body.entries);
    expect(await between(`to=${at}`)).toEqual([]);
  });
});
