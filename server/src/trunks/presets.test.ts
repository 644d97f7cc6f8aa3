import { describe, expect, it } from 'vitest';
import { serverUnderTest } from '../testing/server-under-test.ts';
import { addressTrunk, createTrunk, digestTrunk, faultsOf, linesOf } from '../testing/trunks.ts';

describe('a preset', () => {
  // These look names up, which takes seconds where there is no DNS.
  it('for Twilio gives its addresses, G.711 and E.164', { timeout: 20_000 }, async () => {
    const server = await serverUnderTest();
    const trunk = await createTrunk(server, {
      kind: 'digest',
      preset: 'twilio',
      name: 'Twilio',
      hosts: [{ host: 'example.pstn.twilio.com' }],
      username: 'handset',
      password: 'correct-horse-battery',
    });
    expect(trunk).toMatchObject({
      hosts: [{ host: 'example.pstn.twilio.com', port: null }],
      codecs: ['pcmu', 'pcma'],
      outboundFormat: { form: 'e164' },
      inboundAddresses: expect.arrayContaining(['54.172.60.0/30', '177.71.206.192/30']),
    });
    expect(await linesOf(server, trunk.id, 'identify')).toContain('match=54.172.60.0/30');
  });

  it('for Telnyx has its host, and a registration there by user name', { timeout: 20_000 }, async () => {
    const server = await serverUnderTest();
    const trunk = await createTrunk(server, {
      ...digestTrunk,
      hosts: undefined,
      kind: 'registration',
      preset: 'telnyx',
    });
    expect(trunk).toMatchObject({
      hosts: [{ host: 'sip.telnyx.com', port: null }],
      callerIdHeader: 'pai',
      fromUser: 'handset',
    });
    expect(await linesOf(server, `${trunk.id}-1`, 'registration')).toEqual(
      expect.arrayContaining([
        'server_uri=sip:sip.telnyx.com',
        'client_uri=sip:handset@sip.telnyx.com',
        `contact_user=${trunk.id}`,
      ]),
    );
  });

  it('for a registrar shows the account in From; what is given beside it holds', {
    timeout: 20_000,
  }, async () => {
    const server = await serverUnderTest();
    const trunk = await createTrunk(server, {
      ...digestTrunk,
      kind: 'registration',
      preset: 'registrar',
      hosts: [{ host: 'sip.example.net' }],
      fromUser: 'me',
    });
    expect(trunk).toMatchObject({ fromUser: 'me', fromDomain: 'sip.example.net', callerIdHeader: 'pai' });
    const bad = await server.operate('POST', '/v1/trunks', { ...addressTrunk, preset: 'registrar' });
    expect(faultsOf(bad.body)).toEqual(['preset']);
  });
});
