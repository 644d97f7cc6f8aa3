import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inContainers } from '../support/lab-in-containers.ts';
import { until } from '../support/until.ts';
import { phoneCalls, phoneExpects } from './calls.ts';
import { received, type SipMessage } from './trace.ts';
import { attemptsOf, type MakeTrunk, type TestTrunk, test } from './trunks.ts';
import type { World } from './world.ts';

const NUMBER = '+12125550142';
const USERNAME = 'our-account';
const PASSWORD = 'correct-horse-battery';

/** The parameters of a Proxy-Authorization header (RFC 7616 section 3.4). */
function authorizationOf(message: SipMessage | undefined): Readonly<Record<string, string>> {
  const header = message?.header('Proxy-Authorization') ?? '';
  return Object.fromEntries(
    [...header.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** What the answer to the challenge must be, with this password. */
function responseTo(given: Readonly<Record<string, string>>, algorithm: 'md5' | 'sha256', password: string) {
  const { username, realm, nonce, nc, cnonce, qop, uri } = given;
  const hash = (text: string) => createHash(algorithm).update(text).digest('hex');
  const ha1 = hash(`${username}:${realm}:${password}`);
  return hash([ha1, nonce, nc, cnonce, qop, hash(`INVITE:${uri}`)].join(':'));
}

describe('an address-authenticated trunk', () => {
  test('shows the number in From, in P-Asserted-Identity, or in both, as the carrier writes it', async ({
    world,
    sipp,
    trunk,
  }) => {
    const styles = [
      { callerIdHeader: 'from', from: 'number', pai: '' },
      { callerIdHeader: 'pai', fromUser: 'our-account', from: 'our-account', pai: 'number' },
      { callerIdHeader: 'both', from: 'number', pai: 'number' },
    ];
    const subscriber = await world.subscriber();
    const written = `001${subscriber.number.slice(2)}`;
    for (const { from, pai, ...style } of styles) {
      const carrier = await trunk({
        ...style,
        codecs: ['pcma'],
        fromDomain: 'us.example.net',
        outboundFormat: { form: 'national', country: 'GB' },
      });
      const answering = await sipp({ name: 'rings', at: carrier.at });
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-cancels');
      await phone.done;
      const [invite] = received(await answering.done, 'INVITE');
      await carrier.remove();
      const shown = (what: string) => what.replace('number', written);
      expect(invite?.start).toContain(`INVITE sip:0012125550142@${carrier.at.address}:${carrier.at.port} `);
      expect(invite?.header('From')).toContain(`<sip:${shown(from)}@us.example.net>`);
      if (pai === '') expect(invite?.header('P-Asserted-Identity')).toBe('');
      else expect(invite?.header('P-Asserted-Identity')).toContain(`<sip:${shown(pai)}@`);
      expect(invite?.body).toMatch(/^m=audio \d+ RTP\/AVP 8 \d+$/m);
    }
  });

  test('with SRTP offers it, and takes plain sound where it is optional', async ({ world, sipp, trunk }) => {
    const carrier = await trunk({ srtp: 'optional' });
    const subscriber = await world.subscriber();
    const answering = await sipp({ name: 'answers', at: carrier.at });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await phone.done;
    const [invite] = received(await answering.done, 'INVITE');
    expect(invite?.body).toMatch(/^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/m);
  });
});

describe('a trunk over TCP or TLS', () => {
  test('over TCP is called over TCP', async ({ world, sipp, trunk }) => {
    const carrier = await trunk({ transport: 'tcp' });
    const subscriber = await world.subscriber();
    const keys = { contact_params: ';transport=tcp' };
    const answering = await sipp({ name: 'answers', at: carrier.at, over: 'tcp', keys });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await phone.done;
    expect(received(await answering.done, 'INVITE')[0]?.header('Via')).toMatch(/^SIP\/2\.0\/TCP /);
  });
});

describe('a digest trunk', () => {
  test.for([
    { algorithm: 'MD5', hash: 'md5', realm: null },
    { algorithm: 'MD5', hash: 'md5', realm: 'carrier.example' },
    { algorithm: 'SHA-256', hash: 'sha256', realm: null },
  ] as const)(
    'answers the carrier’s $algorithm challenge; realm known before: $realm',
    async ({ algorithm, hash, realm }, { world, sipp, trunk }) => {
      const carrier = await trunk({ kind: 'digest', username: USERNAME, password: PASSWORD, realm });
      const subscriber = await world.subscriber();
      const keys = { algorithm };
      const asking = await sipp({ name: 'asks-for-digest', at: carrier.at, keys });
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
      await phone.done;
      const given = authorizationOf(received(await asking.done, 'INVITE').at(-1));
      expect(given).toMatchObject({ username: USERNAME, realm: 'carrier.example' });
      expect(given.response).toBe(responseTo(given, hash, PASSWORD));
      expect(await attemptsOf(world, subscriber.extension)).toBe(`${carrier.id} completed`);
    },
  );

  test('with a password for another realm gives no answer, and the call goes to the next trunk', async ({
    world,
    sipp,
    trunk,
  }) => {
    const account = { kind: 'digest', username: USERNAME, password: PASSWORD };
    const wrong = await trunk({ ...account, realm: 'another.example' });
    const right = await trunk({ ...account, priority: 2 });
    const subscriber = await world.subscriber();
    const refusing = await sipp({ name: 'refuses', at: wrong.at, keys: { status: 407 } });
    const answering = await sipp({ name: 'answers', at: right.at });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await Promise.all([phone.done, refusing.done, answering.done]);
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${wrong.id} 407/${right.id} completed`);
  });
});

interface Found {
  readonly works: boolean;
  readonly findings: readonly { check: string; works: boolean | null; words: string }[];
}

// In containers SIPp has no way to the simulated carrier's password.
describe.skipIf(inContainers)('a trunk that registers with the simulated carrier', () => {
  const registered = async (world: World, trunk: MakeTrunk, more: object = {}): Promise<TestTrunk> => {
    const { carrier } = JSON.parse(await readFile(join(world.lab.data, 'secrets.json'), 'utf8'));
    const made = await trunk({
      kind: 'registration',
      preset: 'registrar',
      hosts: [{ host: '127.0.0.9', port: world.lab.ports.pstnSip }],
      username: 'handset',
      password: carrier,
      optionsIntervalSeconds: 30,
      ...more,
    });
    return made;
  };
  const stateOf = async (world: World, id: string) =>
    (await world.api<{ status: { hosts: { registration: string }[] } }>('GET', `/v1/trunks/${id}`)).status
      .hosts[0]?.registration;

  test('is registered, is called there, and calls with the account’s password', async ({
    world,
    sipp,
    trunk,
  }) => {
    const made = await registered(world, trunk);
    await until('the registration', async () =>
      (await stateOf(world, made.id)) === 'registered' ? true : undefined,
    );
    const test = await world.api<Found>('POST', `/v1/trunks/${made.id}/test`);
    expect(test.works).toBe(true);
    // The simulated carrier knows the account, and asks for its password.
    expect(test.findings[1]?.words).toMatch(/^It answered an OPTIONS within \d+ ms, with 401 Unauthorized/);
    expect(test.findings.map(({ check, works }) => [check, works])).toEqual([
      ['resolves', true],
      ['answers', true],
      ['registers', true],
    ]);
    const subscriber = await world.subscriber();
    const out = await phoneCalls(world, sipp, subscriber, '+12025550100', 'phone-calls');
    await out.done;
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${made.id} completed`);
    const phone = await phoneExpects(world, sipp, subscriber, 'answers');
    const { address, port } = world.gateway;
    await world.console(
      `channel originate PJSIP/handset/sip:${subscriber.number}@${address}:${port} application Wait 1`,
      'pstn',
    );
    await phone.done;
    expect(await world.records(subscriber.extension, 2)).toMatchObject([
      { direction: 'outbound' },
      { direction: 'inbound', trunk: made.id, own_number: subscriber.number },
    ]);
  });

  test('is called by its contact, with the number in To', async ({ world, sipp, trunk }) => {
    const made = await registered(world, trunk);
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers');
    const carrier = await sipp({
      name: 'carrier-calls-as',
      at: { address: '127.0.0.9', port: world.port() },
      to: world.gateway,
      keys: { target: made.id, dialed: subscriber.number, from: '<sip:+12125550123@carrier>' },
    });
    await Promise.all([carrier.done, phone.done]);
    expect(await world.records(subscriber.extension)).toMatchObject([{ number: '+12125550123' }]);
  });

  test('is told in words where the password is wrong', async ({ world, trunk }) => {
    const made = await registered(world, trunk, { password: 'not-the-password' });
    const { works, findings } = await world.api<Found>('POST', `/v1/trunks/${made.id}/test`);
    expect(works).toBe(false);
    expect(findings.find(({ check }) => check === 'registers')).toMatchObject({
      works: false,
      words: expect.stringContaining('refused the registration'),
    });
    expect(await stateOf(world, made.id)).toBe('refused');
  });
});

describe('a trunk that gets OPTIONS', () => {
  test('and does not answer is told so in words, and is tried last, without waiting for it', async ({
    world,
    sipp,
    trunk,
  }) => {
    const dead = await trunk({ optionsIntervalSeconds: 5 });
    const { works, findings } = await world.api<Found>('POST', `/v1/trunks/${dead.id}/test`);
    expect(works).toBe(false);
    expect(findings.find(({ check }) => check === 'answers')?.words).toContain('unanswered');
    const subscriber = await world.subscriber();
    const check = async () =>
      world.api<{ because: string[] }>('POST', '/v1/admission-checks', {
        userId: subscriber.userId,
        dialed: NUMBER,
      });
    const silent = 'Carrier of a test has priority 1, does not answer OPTIONS';
    await until('its health at the server', async () =>
      (await check()).because.at(-1) === silent ? true : undefined,
    );
    const answering = await sipp({ name: 'answers', at: world.carrier });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await Promise.all([phone.done, answering.done]);
    expect(await attemptsOf(world, subscriber.extension)).toBe('trunk completed');
  });
});
