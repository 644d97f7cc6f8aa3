import { describe, expect, it } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const e164 = '+12025550150';

describe('numbers', () => {
  it('are added free, once', async () => {
    const server = await serverUnderTest();
    const added = await server.operate('POST', '/v1/numbers', { e164 });
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      e164,
      state: 'available',
      userId: null,
      reservedFor: null,
      until: null,
      createdAt: expect.any(String),
    });
    expect((await server.operate('GET', `/v1/numbers/${e164}`)).body).toEqual(added.body);
    const again = await server.operate('POST', '/v1/numbers', { e164 });
    expect([again.status, again.body.type]).toEqual([409, 'urn:handset:problem:number-exists']);
  });

  it.each(['12025550150', '+0123456789', '+1 202 555 0150', '', '+1202555015012345678'])(
    'must be E.164: %j is refused',
    async (wrong) => {
      const server = await serverUnderTest();
      const { status, body } = await server.operate('POST', '/v1/numbers', { e164: wrong });
      expect(status).toBe(400);
      expect(body.faults.map((fault: { field: string }) => fault.field)).toEqual(['e164']);
    },
  );

  it('are assigned, kept when asked again, and not taken from another user', async () => {
    const server = await serverUnderTest();
    const [ada, grace] = [await addUser(server, 'ada'), await addUser(server, 'grace')];
    await server.operate('POST', '/v1/numbers', { e164 });
    const path = `/v1/numbers/${encodeURIComponent(e164)}/assignment`;
    const assigned = await server.operate('PUT', path, { userId: ada.id });
    expect([assigned.status, assigned.body.userId]).toEqual([200, ada.id]);
    expect((await server.operate('PUT', path, { userId: ada.id })).body).toEqual(assigned.body);
    const taken = await server.operate('PUT', path, { userId: grace.id });
    expect([taken.status, taken.body.type]).toEqual([409, 'urn:handset:problem:number-assigned']);
    expect((await server.operate('GET', `/v1/users/${ada.id}`)).body.number).toBe(e164);
  });

  it('wait in quarantine after release, unless they need not, before they can be given to another user', async () => {
    const server = await serverUnderTest();
    const grace = await addUser(server, 'grace');
    const ada = await addUser(server, 'ada', e164);
    const path = `/v1/numbers/${e164}/assignment`;
    const released = await server.operate('DELETE', path);
    expect([released.status, released.text]).toEqual([204, '']);
    expect((await server.operate('GET', `/v1/users/${ada.id}`)).body.number).toBeNull();
    const waiting = (await server.operate('GET', `/v1/numbers/${e164}`)).body;
    expect(waiting).toMatchObject({ state: 'quarantined', userId: null });
    expect(Date.parse(waiting.until) - Date.now()).toBeGreaterThan(29 * 24 * 3_600_000);
    const early = await server.operate('PUT', path, { userId: grace.id });
    expect([early.status, early.body.type]).toEqual([409, 'urn:handset:problem:number-quarantined']);
    await server.operate('DELETE', `/v1/numbers/${e164}/quarantine`);
    expect((await server.operate('PUT', path, { userId: grace.id })).status).toBe(200);
    await server.operate('DELETE', `${path}?quarantineDays=0`);
    expect((await server.operate('PUT', path, { userId: ada.id })).status).toBe(200);
  });

  it('are reserved, ported and taken out of the inventory', async () => {
    const server = await serverUnderTest();
    await addUser(server, 'ada', e164);
    const other = '+12025550151';
    await server.operate('POST', '/v1/numbers', { e164: other });
    const at = (method: string, what: string, body?: object, number = other) =>
      server.operate(method, `/v1/numbers/${number}${what}`, body);
    const held = await at('PUT', '/reservation', { reservedFor: 'order 4711', seconds: 60 });
    expect(held.body).toMatchObject({ state: 'reserved', reservedFor: 'order 4711' });
    const others = await at('PUT', '/reservation', { reservedFor: 'order 4712' });
    expect([others.status, others.body.type]).toEqual([409, 'urn:handset:problem:number-reserved']);
    expect((await at('PUT', '/porting')).status).toBe(409);
    expect((await at('DELETE', '/reservation')).status).toBe(204);
    expect((await at('PUT', '/porting')).body.state).toBe('porting');
    expect((await at('DELETE', '/porting')).status).toBe(204);
    expect((await at('DELETE', '')).status).toBe(204);
    expect((await at('GET', '')).status).toBe(404);
    const taken = await at('DELETE', '', undefined, e164);
    expect([taken.status, taken.body.type]).toEqual([409, 'urn:handset:problem:number-assigned']);
  });

  it('of a deleted user are in quarantine', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', e164);
    await server.operate('DELETE', `/v1/users/${id}`);
    const { body } = await server.operate('GET', `/v1/numbers/${e164}`);
    expect(body).toMatchObject({ state: 'quarantined', userId: null });
  });

  it('go to exactly one of many who ask at once', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/numbers', { e164 });
    const users = await Promise.all(Array.from({ length: 10 }, (_, i) => addUser(server, `u${i}`)));
    const answers = await Promise.all(
      users.map(({ id }) => server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: id })),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, ...Array(9).fill(409)]);
  });

  it('name what is missing: number or user', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada');
    const unknown = await server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: id });
    expect([unknown.status, unknown.body.type]).toEqual([404, 'urn:handset:problem:no-such-number']);
    expect((await server.operate('DELETE', `/v1/numbers/${e164}/assignment`)).status).toBe(404);
    expect((await server.operate('GET', `/v1/numbers/${e164}`)).status).toBe(404);
    await server.operate('POST', '/v1/numbers', { e164 });
    const nobody = await server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: 'us0' });
    expect([nobody.status, nobody.body.faults[0].field]).toEqual([400, 'userId']);
  });

  it('first assigned is the one a user calls from', async () => {
    const server = await serverUnderTest();
    const ada = await addUser(server, 'ada', '+12025550159');
    await server.running.database.db.updateTable('numbers').set({ assigned_at: 1 }).execute();
    await server.operate('POST', '/v1/numbers', { e164 });
    await server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: ada.id });
    expect((await server.operate('GET', `/v1/users/${ada.id}`)).body.number).toBe('+12025550159');
  });
});
