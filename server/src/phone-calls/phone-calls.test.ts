import { describe, expect, it } from 'vitest';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const SECRET = 'a secret of the manager interface, long';
const RINGING = '5';
const UP = '6';

/** A server with its gateway, and a person signed in. */
async function signedIn() {
  const gateway = await fakeGateway(SECRET);
  const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: SECRET });
  await server.gatewayConnected();
  const { password } = await addUser(server, 'ada', '+12025550150');
  const cookie = await server.signIn('ada', password);
  const credential = async (): Promise<string> =>
    (await server.ask('GET', '/v1/phone-config', { cookie })).body.sip.authorizationUser;
  const isLive = (callId: string) =>
    server.ask('GET', `/v1/phone/calls/${encodeURIComponent(callId)}`, { cookie });
  const addCall = (owner: string, callId: string, ChannelState: string) =>
    gateway.calls.set(`PJSIP/${owner}-${gateway.calls.size}`, {
      fields: { ChannelState },
      variables: { SIP_CALL_ID: callId },
    });
  return { gateway, server, credential, isLive, addCall };
}

describe('whether a call of a phone is still there', () => {
  it('is so while it rings and while it is up, and not once its channel is gone', async () => {
    const { gateway, credential, isLive, addCall } = await signedIn();
    const own = await credential();
    addCall(own, 'rings@gateway', RINGING);
    addCall(own, 'up/1', UP);
    for (const callId of ['rings@gateway', 'up/1']) {
      const { status, body } = await isLive(callId);
      expect([callId, status, body]).toEqual([callId, 200, { live: true }]);
    }
    gateway.calls.clear();
    expect((await isLive('rings@gateway')).body).toEqual({ live: false });
  });

  it('is so of a call that began with a credential that was renewed since', async () => {
    const { credential, isLive, addCall } = await signedIn();
    const first = await credential();
    expect(await credential()).not.toBe(first);
    addCall(first, 'older', RINGING);
    expect((await isLive('older')).body).toEqual({ live: true });
  });

  it('is asked of own calls alone', async () => {
    const { credential, isLive, addCall } = await signedIn();
    await credential();
    addCall('dvofsomebodyelse', 'foreign', RINGING);
    expect((await isLive('foreign')).body).toEqual({ live: false });
  });

  it('nobody says where the gateway can’t be asked', async () => {
    const { gateway, credential, isLive } = await signedIn();
    await credential();
    await gateway.stop();
    const { status, body } = await isLive('any');
    expect([status, body.type]).toEqual([503, problem('gateway-unavailable')]);
  });

  it('needs a Call-ID, and somebody signed in', async () => {
    const { server, isLive } = await signedIn();
    expect((await isLive('a\nb')).body.type).toBe(problem('invalid-request'));
    expect((await server.ask('GET', '/v1/phone/calls/any')).status).toBe(401);
  });
});
