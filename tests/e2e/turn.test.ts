import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test as base, FIRST_PITCH, MILLIWATT_HERTZ } from '../support/e2e.ts';
import type { LabUnderTest } from '../support/lab.global.ts';
import { LabWithSettings } from '../support/lab-with-settings.ts';
import { TurnClient } from '../support/turn-client.ts';

const ECHO = '+1 202 555 0100';
const TONE = '+1 202 555 0101';
const CALLER = '(202) 555-0199';
const OK = 0;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const QUOTA_REACHED = 486;
/** As in `asterisk/coturn/turnserver.conf`. */
const USER_QUOTA = 48;

/** `relayed` is somebody signed in on a phone that may only be relayed. */
const test = base.extend('relayed', ({ open, operator }) => {
  /** @param by a part of the addresses of the relays that it may use */
  return async (by?: string) => {
    const [person, phone] = await Promise.all([operator.addPerson(), open()]);
    await phone.onlyRelayed(by);
    await phone.signIn(person);
    await phone.says('Ready');
    return { person, phone };
  };
});

describe('a phone that may only be relayed', () => {
  for (const transport of ['udp', 'tcp']) {
    test(`is heard and hears by TURN over ${transport.toUpperCase()}, and says so`, async ({ relayed }) => {
      const { phone } = await relayed(`transport=${transport}`);
      await phone.call(ECHO);
      await phone.hears(FIRST_PITCH);
      expect(await phone.pairInUse()).toBe(`relayed ↔ own address (${transport.toUpperCase()})`);
      for (const { text } of phone.trace.sent(/^INVITE /)) expect(text).not.toMatch(/ typ (host|srflx)/);
    });
  }

  test('is called as well', async ({ relayed, carrier }) => {
    const { phone, person } = await relayed();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(person.number, FIRST_PITCH);
    expect(await phone.pairInUse()).toContain('relayed');
  });

  test('has relays enough for three calls at once', async ({ relayed, carrier }) => {
    const { phone, person } = await relayed();
    await phone.letsThirdCallsWait();
    await phone.call(TONE);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.addCall(ECHO);
    await phone.hears(FIRST_PITCH);
    await carrier.call(person.number);
    await phone.group(CALLER).button('Answer').click();
    await phone.hearsSpeech();
  });
});

test('where the operator has set it, every phone is only relayed', async ({ browsers }) => {
  const own = await LabWithSettings.start({ HANDSET_RELAY_ONLY: 'true' });
  const { phone, person } = await own.signedIn(browsers);
  await phone.call(TONE);
  await phone.hears(MILLIWATT_HERTZ);
  await own.carrier.hears(person.number, FIRST_PITCH);
  expect(await phone.pairInUse()).toContain('relayed');
  for (const { text } of phone.trace.sent(/^INVITE /)) expect(text).not.toMatch(/ typ (host|srflx)/);
});

describe('the relay', () => {
  test('leads to the gateway, and to no other address of this machine or of a private network', async ({
    lab,
  }) => {
    const client = await allocated(lab, 'de-peers');
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of own) expect(await client.permit(address)).toBe(OK);
    const denied = [
      '127.0.0.1',
      '127.0.0.9',
      '0.0.0.0',
      '10.1.2.3',
      '172.16.9.9',
      '192.168.7.7',
      '169.254.169.254',
      '100.64.0.1',
      '224.0.0.1',
      '8.8.8.8',
    ];
    for (const peer of denied) expect([peer, await client.permit(peer)]).toEqual([peer, FORBIDDEN]);
    await client.close();
  });

  test('knows no credential that is out of date, made up, or of another secret', async ({ lab }) => {
    const secret = await turnSecret(lab);
    const soon = inSeconds(600);
    expect(await outcome(lab, credential(secret, inSeconds(-1), 'de1'))).toBe(UNAUTHORIZED);
    expect(await outcome(lab, credential('another secret', soon, 'de1'))).toBe(UNAUTHORIZED);
    expect(await outcome(lab, { username: 'de1', credential: 'guess' })).toBe(UNAUTHORIZED);
    expect(await outcome(lab, credential(secret, soon, 'de1'))).toBe(OK);
  });

  test('gives one device as many relays as its quota, and another one its own', async ({ lab }) => {
    const clients: TurnClient[] = [];
    for (let i = 0; i < USER_QUOTA; i += 1) clients.push(await allocated(lab, 'de-quota'));
    expect(await outcome(lab, credential(await turnSecret(lab), inSeconds(600), 'de-quota'))).toBe(
      QUOTA_REACHED,
    );
    clients.push(await allocated(lab, 'de-other'));
    for (const client of clients) await client.close();
  });
});

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

async function turnSecret({ data }: LabUnderTest): Promise<string> {
  return JSON.parse(await readFile(join(data, 'secrets.json'), 'utf8')).turn;
}

/** As the server signs them. */
function credential(secret: string, expiry: number, device: string) {
  const username = `${expiry}:${device}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

async function allocated(lab: LabUnderTest, device: string): Promise<TurnClient> {
  const client = clientOf(lab, credential(await turnSecret(lab), inSeconds(600), device));
  expect(await client.allocate()).toBe(OK);
  return client;
}

async function outcome(lab: LabUnderTest, known: ReturnType<typeof credential>): Promise<number> {
  const client = clientOf(lab, known);
  const answer = await client.allocate();
  await client.close();
  return answer;
}

function clientOf({ ports }: LabUnderTest, known: ReturnType<typeof credential>): TurnClient {
  return new TurnClient({ host: '127.0.0.1', port: ports.turn }, known);
}
