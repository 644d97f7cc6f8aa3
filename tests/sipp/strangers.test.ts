import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inContainers } from '../support/lab-in-containers.ts';
import { carrierExpects, phoneCalls, registerPhone } from './calls.ts';
import type { SipMessage } from './trace.ts';
import { ha1, type Phone, type Sipp, test, type World } from './world.ts';

const HOUR_MS = 3_600_000;

/** Scenarios in which the gateway's challenge is answered, and refused, by method. */
const REFUSED = { REGISTER: 'register-refused', INVITE: 'phone-call-refused', OPTIONS: 'options-refused' };

interface Attempt {
  /** The extension that it says to be, and that it calls. */
  readonly as: string;
  readonly device: Phone;
}

/** Those with some of the truth, and those with none. */
async function attempts(world: World): Promise<readonly Attempt[]> {
  const { userId, extension, phone } = await world.subscriber();
  const { at } = phone;
  return [
    { as: extension, device: { ...phone, password: 'wrong' } },
    { as: extension, device: { user: 'phunknown', password: 'wrong', at } },
    { as: '9876', device: { user: 'phunknown', password: 'wrong', at } },
    // The gateway's own endpoint (trunks-file.ts in gateway-config).
    { as: 'handset', device: { user: 'handset', password: 'wrong', at } },
    { as: extension, device: { ...(await world.phone(userId, Date.now() - HOUR_MS)), at } },
  ];
}

/** The answers to one attempt, without what differs between any two. */
async function answersTo(
  world: World,
  sipp: Sipp,
  scenario: string,
  { as, device: { user, password, at } }: Attempt,
): Promise<string> {
  const keys = { extension: as, caller: as, dialed: as, user, password };
  const run = await sipp({ name: scenario, at, to: world.gateway, keys });
  const messages = (await run.done).filter(({ direction }) => direction === 'received');
  return messages.map((message) => withoutChance(message, as)).join('\n');
}

/** An answer without identifiers, nonces and what the request itself said. */
function withoutChance(message: SipMessage, extension: string): string {
  return message.text
    .replace(/nonce="[^"]*"/g, 'nonce')
    .replace(/opaque="[^"]*"/g, 'opaque')
    .replace(/;(tag|branch|rport|received)=[^;\s]*/g, '')
    .replace(/^Call-ID: .*$/gm, 'Call-ID')
    .replaceAll(`sip:${extension}@`, 'sip:EXTENSION@');
}

describe('an unknown user, an unknown device, a wrong password and one that is over', () => {
  test.for(Object.entries(REFUSED))(
    'get exactly the same answers to %s',
    async ([, scenario], { world, sipp }) => {
      const seen: string[] = [];
      for (const attempt of await attempts(world)) seen.push(await answersTo(world, sipp, scenario, attempt));
      expect(seen[0]?.match(/^SIP\/2\.0 .*/gm)).toEqual(Array(2).fill('SIP/2.0 401 Unauthorized'));
      expect(seen[0]).toContain('WWW-Authenticate: Digest realm="handset"');
      for (const answer of seen) expect(answer).toBe(seen[0]);
    },
  );
});

test.skipIf(inContainers)(
  'what the parts write has neither a password nor a digest in it',
  async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const { phone, extension } = subscriber;
    await registerPhone(world, sipp, extension, phone);
    const refused = { ...phone, password: 'a wrong one that was typed' };
    const run = await sipp({
      name: 'register-refused',
      at: phone.at,
      to: world.gateway,
      keys: { extension, user: phone.user, password: refused.password },
    });
    const attempted = await run.done;
    const carrier = await carrierExpects(world, sipp, 'answers');
    const call = await phoneCalls(world, sipp, subscriber, '+12125550142', 'phone-calls');
    const sent = [...attempted, ...(await call.done)];
    await carrier.done;
    const responses = sent.flatMap(({ text }) =>
      [...text.matchAll(/response="([0-9a-f]{32})"/g)].map(([, r]) => r),
    );
    expect(responses.length).toBeGreaterThanOrEqual(2);
    const secrets = Object.values(
      JSON.parse(await readFile(join(world.lab.data, 'secrets.json'), 'utf8')) as Record<string, string>,
    );
    const logs = await logsOf(world.lab.data);
    // They are the right ones.
    expect(logs.includes(`outbound from ${extension} to +12125550142`)).toBe(true);
    const hidden = [
      phone.password,
      refused.password,
      ha1(phone.user, phone.password),
      ...responses,
      ...secrets,
    ];
    for (const secret of hidden) expect(logs.includes(String(secret)), `${secret} is in a log`).toBe(false);
  },
);

/** All that the parts of the lab have written. */
async function logsOf(data: string): Promise<string> {
  const directory = join(data, 'log');
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
  return texts.join('\n');
}
