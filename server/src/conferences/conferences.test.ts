import { describe, expect, it } from 'vitest';
import { type FakeGateway, fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const SECRET = 'a secret of the manager interface, long';

/** A server with its gateway, and a person signed in. */
async function signedIn() {
  const gateway = await fakeGateway(SECRET);
  const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: SECRET });
  await server.gatewayConnected();
  const { password } = await addUser(server, 'ada', '+12025550150');
  const cookie = await server.signIn('ada', password);
  const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
  const credential: string = config.sip.authorizationUser;
  const merge = (...calls: string[]) =>
    server.ask('POST', '/v1/phone/conferences', { cookie, body: { calls } });
  return { gateway, server, cookie, credential, merge };
}

/** An answered call: the phone's end of it, and its far end. */
function addCall({ calls }: FakeGateway, credential: string, callId: string, room = ''): void {
  const variables = { SIP_CALL_ID: callId, BRIDGEPEER: `PJSIP/trunk-${callId}` };
  calls.set(`PJSIP/${credential}-${callId}`, {
    fields: { ChannelState: '6' },
    variables: { ...variables, ...(room !== '' && { 'SHARED(ROOM)': room }) },
  });
  calls.set(`PJSIP/trunk-${callId}`, { fields: { ChannelState: '6' }, variables: {} });
}

const redirects = ({ actions }: FakeGateway) => actions.filter(({ Action }) => Action === 'Redirect');

describe('merging calls', () => {
  it('sends both ends of each to one room, and tells each who its other end is', async () => {
    const { gateway, credential, merge } = await signedIn();
    addCall(gateway, credential, 'one');
    addCall(gateway, credential, 'two');
    expect((await merge('one', 'two')).status).toBe(204);
    const [first, second] = redirects(gateway);
    const place = { Context: 'conference', Priority: '1' };
    expect(first).toMatchObject({
      ...place,
      Channel: `PJSIP/${credential}-one`,
      ExtraChannel: 'PJSIP/trunk-one',
    });
    expect(second).toMatchObject({
      ...place,
      Channel: `PJSIP/${credential}-two`,
      ExtraChannel: 'PJSIP/trunk-two',
    });
    expect(first?.Exten).toMatch(/^room[0-9a-f]{16}$/);
    expect(second?.Exten).toBe(first?.Exten);
    expect(gateway.calls.get(`PJSIP/${credential}-one`)?.variables).toMatchObject({
      'SHARED(GUEST)': 'PJSIP/trunk-one',
    });
    expect(gateway.calls.get('PJSIP/trunk-one')?.variables).toMatchObject({
      'SHARED(HOST)': `PJSIP/${credential}-one`,
    });
  });

  it('is done once for an Idempotency-Key', async () => {
    const { gateway, server, cookie, credential } = await signedIn();
    addCall(gateway, credential, 'one');
    addCall(gateway, credential, 'two');
    const headers = { 'idempotency-key': 'merge-1' };
    const body = { calls: ['one', 'two'] };
    const merge = () => server.ask('POST', '/v1/phone/conferences', { cookie, headers, body });
    expect((await merge()).headers.has('idempotency-replayed')).toBe(false);
    const again = await merge();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true']);
    expect(redirects(gateway)).toHaveLength(2);
  });

  it('where one is in a conference already brings the other there', async () => {
    const { gateway, credential, merge } = await signedIn();
    addCall(gateway, credential, 'one', 'room1');
    addCall(gateway, credential, 'two');
    expect((await merge('one', 'two')).status).toBe(204);
    expect(redirects(gateway)).toMatchObject([{ Channel: `PJSIP/${credential}-two`, Exten: 'room1' }]);
  });

  it('that are in two conferences is refused', async () => {
    const { gateway, credential, merge } = await signedIn();
    addCall(gateway, credential, 'one', 'room1');
    addCall(gateway, credential, 'two', 'room2');
    const { status, body } = await merge('one', 'two');
    expect([status, body.type]).toEqual([409, problem('in-two-conferences')]);
    expect(redirects(gateway)).toEqual([]);
  });

  it('is for calls of this very device that are answered', async () => {
    const { gateway, credential, merge } = await signedIn();
    addCall(gateway, credential, 'one');
    addCall(gateway, 'dvofsomebodyelse', 'foreign');
    addCall(gateway, credential, 'ringing');
    gateway.calls.set(`PJSIP/${credential}-ringing`, {
      fields: { ChannelState: '5' },
      variables: { SIP_CALL_ID: 'ringing' },
    });
    for (const other of ['foreign', 'ringing', 'nowhere', '.*']) {
      const { status, body } = await merge('one', other);
      expect([other, status, body.type]).toEqual([other, 404, problem('no-such-call')]);
    }
    expect(redirects(gateway)).toEqual([]);
  });

  it('of which one ends in this moment is told', async () => {
    const { gateway, credential, merge } = await signedIn();
    addCall(gateway, credential, 'one');
    addCall(gateway, credential, 'two');
    gateway.calls.delete('PJSIP/trunk-two');
    expect((await merge('one', 'two')).body.type).toBe(problem('no-such-call'));
  });

  it('needs two or three different ones, and somebody signed in', async () => {
    const { server, merge } = await signedIn();
    for (const calls of [['one'], ['one', 'one'], ['1', '2', '3', '4'], ['one', 'a\nb']]) {
      expect((await merge(...calls)).body.type).toBe(problem('invalid-request'));
    }
    const { status } = await server.ask('POST', '/v1/phone/conferences', { body: { calls: ['1', '2'] } });
    expect(status).toBe(401);
  });

  it('can’t be done while the gateway can’t be asked', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada');
    const cookie = await server.signIn('ada', password);
    await server.ask('GET', '/v1/phone-config', { cookie });
    const { body } = await server.ask('POST', '/v1/phone/conferences', {
      cookie,
      body: { calls: ['1', '2'] },
    });
    expect(body.type).toBe(problem('gateway-unavailable'));
  });
});
