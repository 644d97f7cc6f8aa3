import { describe, expect, it } from 'vitest';
import { LeaseKeeper } from '../admission/lease-keeper.ts';
import { type FakeGateway, fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const SECRET = 'a secret of the manager interface, long';

async function withGateway() {
  const gateway = await fakeGateway(SECRET);
  const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: SECRET });
  await server.gatewayConnected();
  return { gateway, server };
}

/** A call of two channels: who calls, and who is called. */
function addCall({ calls }: FakeGateway, id: string, variables: Readonly<Record<string, string>>) {
  const common = { Linkedid: id, ChannelState: '6' };
  const named = { HANDSET_CALL: id };
  calls.set(`PJSIP/trunk-${id}`, {
    fields: { ...common, Uniqueid: `${id}9`, ChannelState: '5' },
    variables: named,
  });
  calls.set(`PJSIP/dv1-${id}`, {
    fields: { ...common, Uniqueid: id },
    variables: { ...named, ...variables },
  });
}

describe('calls that are up', () => {
  it('are listed with who calls whom, on which device', async () => {
    const { gateway, server } = await withGateway();
    const { id, extension, password } = await addUser(server, 'ada', '+12025550150');
    const cookie = await server.signIn('ada', password);
    const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
    expect((await server.operate('GET', '/v1/calls')).body).toEqual({ calls: [], next: null });
    addCall(gateway, '1769851800.17', {
      'CDR(direction)': 'outbound',
      'CDR(extension)': extension,
      'CDR(credential)': config.sip.authorizationUser,
      'CDR(number)': '+12025550101',
      'CDR(own_number)': '+12025550150',
      'CDR(started_at)': '1769851800123',
    });
    expect((await server.operate('GET', '/v1/calls?state=active')).body).toEqual({
      calls: [
        {
          id: '1769851800.17',
          state: 'answered',
          direction: 'outbound',
          extension,
          user: { id, name: 'Name of ada' },
          deviceId: config.deviceId,
          number: '+12025550101',
          ownNumber: '+12025550150',
          startedAt: '2026-01-31T09:30:00.123Z',
        },
      ],
      next: null,
    });
    const one = await server.operate('GET', '/v1/calls/1769851800.17');
    expect([one.status, one.body.number]).toEqual([200, '+12025550101']);
    const none = await server.operate('GET', '/v1/calls/1769851800.18');
    expect([none.status, none.body.type]).toEqual([404, problem('no-such-call')]);
  });

  it('are found by whose they are and by their direction, page by page, the last one first', async () => {
    const { gateway, server } = await withGateway();
    const { id, extension } = await addUser(server, 'ada');
    for (const [index, direction] of ['outbound', 'inbound', 'outbound', 'internal'].entries()) {
      addCall(gateway, `1.${index}`, {
        'CDR(direction)': direction,
        'CDR(extension)': index === 3 ? '1999' : extension,
        'CDR(started_at)': String(1_769_851_800_000 + Math.floor(index / 2)),
      });
    }
    const find = async (query: string) => {
      const { body } = await server.operate('GET', `/v1/calls?${query}`);
      return [body.calls.map((call: { id: string }) => call.id), body.next];
    };
    expect(await find('')).toEqual([['1.3', '1.2', '1.1', '1.0'], null]);
    expect(await find(`userId=${id}`)).toEqual([['1.2', '1.1', '1.0'], null]);
    expect(await find('extension=1999')).toEqual([['1.3'], null]);
    expect(await find('direction=outbound')).toEqual([['1.2', '1.0'], null]);
    const [first, next] = await find('limit=3');
    expect([first, await find(`limit=3&cursor=${next}`)]).toEqual([
      ['1.3', '1.2', '1.1'],
      [['1.0'], null],
    ]);
  });

  it('that go on without the phone that made them are told from their records', async () => {
    const { gateway, server } = await withGateway();
    const { id, extension } = await addUser(server, 'ada', '+12025550150');
    const { db } = server.running.database;
    const facts = { direction: 'outbound' as const, extension, number: '+12025550101', answered_at: 1 };
    await db
      .insertInto('call_records')
      .values({ call_id: '1.1', ...facts })
      .execute();
    gateway.calls.set('PJSIP/trunk-1', {
      // Joined with another call, it bears that one's id.
      fields: { Linkedid: '0.9', Uniqueid: '1.2', ChannelState: '6' },
      variables: { HANDSET_CALL: '1.1' },
    });
    const { body } = await server.operate('GET', '/v1/calls');
    expect(body.calls).toMatchObject([
      { id: '1.1', state: 'answered', direction: 'outbound', user: { id }, number: '+12025550101' },
    ]);
    expect((await server.operate('DELETE', '/v1/calls/1.1')).status).toBe(204);
  });

  it('are hung up on all their channels, and no other', async () => {
    const { gateway, server } = await withGateway();
    addCall(gateway, '1.1', {});
    addCall(gateway, '1.2', {});
    expect((await server.operate('DELETE', '/v1/calls/1.1')).status).toBe(204);
    expect([...gateway.calls.keys()]).toEqual(['PJSIP/trunk-1.2', 'PJSIP/dv1-1.2']);
    const again = await server.operate('DELETE', '/v1/calls/1.1');
    expect([again.status, again.body.type]).toEqual([404, problem('no-such-call')]);
    const log = await server.operate('GET', '/v1/audit-log?action=call.hang-up');
    expect(log.body.entries).toMatchObject([{ subject: '1.1' }]);
  });

  it('are not known while the gateway can’t be asked', async () => {
    const server = await serverUnderTest();
    for (const answer of [
      await server.operate('GET', '/v1/calls'),
      await server.operate('DELETE', '/v1/calls/1.1'),
    ]) {
      expect([answer.status, answer.body.type]).toEqual([503, problem('gateway-unavailable')]);
    }
  });
});

describe('leases', () => {
  it('of calls that the gateway has lost end, and no others', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    for (const callId of ['up', 'lost', 'ended']) {
      await server.askInternal('POST', '/internal/admissions', { callId, extension, dialed: '+12025550101' });
    }
    const { db } = server.running.database;
    await db.insertInto('call_records').values({ call_id: 'ended', ended_at: Date.now() }).execute();
    const soon = Date.now() + 60_000;
    const live = (...ids: string[]) => new LeaseKeeper(db, async () => ids.map((id) => ({ id })));
    expect(await live('up').check()).toBe(0);
    expect(await new LeaseKeeper(db, async () => undefined).check(soon)).toBe(0);
    expect(await live('up').check(soon)).toBe(1);
    const open = await db
      .selectFrom('leases')
      .select('call_id')
      .where('ended_at', 'is', null)
      .where('expires_at', '>', soon)
      .execute();
    expect(open).toEqual([{ call_id: 'up' }]);
  });
});

describe('a call that is placed', () => {
  const placed = ({ actions }: FakeGateway) => actions.filter(({ Action }) => Action === 'Originate');
  const register = ({ contacts }: FakeGateway, extension: string) =>
    contacts.set(`${extension};@one`, { uri: 'sip:x@example.com' });

  it('rings the user’s phone, once for an Idempotency-Key, and has its lease', async () => {
    const { gateway, server } = await withGateway();
    const { id: userId, extension } = await addUser(server, 'ada', '+12025550150');
    register(gateway, extension);
    const ask = () =>
      server.ask('POST', '/v1/calls', {
        body: { userId, to: '(202) 555-0101' },
        headers: { authorization: `Bearer ${server.config.secrets.apiKey}`, 'idempotency-key': 'one' },
      });
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(first.body).toMatchObject({
      state: 'ringing',
      direction: 'outbound',
      extension,
      number: '+12025550101',
      ownNumber: '+12025550150',
      user: { id: userId },
    });
    expect(placed(gateway)).toMatchObject([
      {
        Channel: `Local/${extension}@click/n`,
        ChannelId: first.body.id,
        Variable: '__HANDSET_CLICK_TO=+12025550101',
        Codecs: '!all,g722,ulaw,alaw',
      },
    ]);
    const leases = await server.running.database.db.selectFrom('leases').selectAll().execute();
    expect(leases).toMatchObject([{ call_id: first.body.id, user_id: userId }]);
    const { body: log } = await server.operate('GET', '/v1/audit-log?action=call.create');
    expect(log.entries).toMatchObject([{ subject: first.body.id, to: { userId, number: '+12025550101' } }]);
  });

  it('to an extension is offered to the phone as a call between phones is', async () => {
    const { gateway, server } = await withGateway();
    const [{ extension }, { extension: to }] = [await addUser(server, 'ada'), await addUser(server, 'minji')];
    register(gateway, extension);
    const { status } = await server.operate('POST', '/v1/calls', { extension, to });
    expect(status).toBe(201);
    expect(placed(gateway)).toMatchObject([{ Codecs: '!all,opus,g722,ulaw,alaw' }]);
  });

  it.each([
    ['+442071838750', 'not-permitted'],
    ['9998', 'number-not-found'],
    ['hello', 'number-invalid'],
  ])('to %s is refused as the user’s own call would be: %s', async (to, reason) => {
    const { gateway, server } = await withGateway();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    const { status, body } = await server.operate('POST', '/v1/calls', { extension, to });
    expect(status).toBe(403);
    expect(body).toMatchObject({ type: problem('call-refused'), reason });
    expect(placed(gateway)).toEqual([]);
  });

  it('is of one user who is there', async () => {
    const { server } = await withGateway();
    const { id: userId, extension } = await addUser(server, 'ada', '+12025550150');
    const to = '+12025550101';
    const typeOf = async (body: object) => (await server.operate('POST', '/v1/calls', body)).body.type;
    expect(await typeOf({ to })).toBe(problem('invalid-request'));
    expect(await typeOf({ userId, extension, to })).toBe(problem('invalid-request'));
    expect(await typeOf({ userId: 'usnobody', to })).toBe(problem('no-such-user'));
    await server.operate('PATCH', `/v1/users/${userId}`, { disabled: true });
    expect(await typeOf({ userId, to })).toBe(problem('user-disabled'));
  });

  it('needs a phone that can ring, and leaves no lease without', async () => {
    const { gateway, server } = await withGateway();
    const { extension } = await addUser(server, 'ada', '+12025550150');
    const { status, body } = await server.operate('POST', '/v1/calls', { extension, to: '+12025550101' });
    expect([status, body.type]).toEqual([409, problem('no-phone')]);
    expect(placed(gateway)).toEqual([]);
    expect(await server.running.database.db.selectFrom('leases').selectAll().execute()).toEqual([]);
  });

  it('can’t be without the gateway, and leaves no lease then', async () => {
    const server = await serverUnderTest();
    const { id: userId } = await addUser(server, 'ada', '+12025550150');
    const { body } = await server.operate('POST', '/v1/calls', { userId, to: '+12025550101' });
    expect(body.type).toBe(problem('gateway-unavailable'));
    expect(await server.running.database.db.selectFrom('leases').selectAll().execute()).toEqual([]);
  });
});
