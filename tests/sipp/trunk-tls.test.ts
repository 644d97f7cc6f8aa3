import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { mounts } from '../../asterisk/lab/configuration.ts';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { insideRoot } from '../../asterisk/lab/parts.ts';
import { describeLab, startOnFreePorts } from '../support/lab.global.ts';
import { inContainers } from '../support/lab-in-containers.ts';
import { labOfThisFile } from '../support/lab-of-this-file.ts';
import { phoneCalls } from './calls.ts';
import { finalAnswer, received } from './trace.ts';
import { test as base } from './trunks.ts';
import { World } from './world.ts';

const NUMBER = '+12125550142';
const DIRECTORY = 'carrier-certificates';

let lab: Lab;
let theWorld: World;

const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  world: async ({}, use) => {
    await use(theWorld);
  },
});

interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate for `name` (`IP:…` or `DNS:…`), signed by another one where that is given. */
async function certificate(file: string, name?: string, signedBy?: string): Promise<Certificate> {
  const { data } = labOfThisFile();
  await mkdir(join(data, DIRECTORY), { recursive: true });
  const inside = (what: string) => `${mounts.data}/${DIRECTORY}/${what}`;
  const made = insideRoot(data, [
    ...['/usr/bin/openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${file}`],
    ...['-keyout', inside(`${file}.key`), '-out', inside(`${file}.pem`)],
    ...(name === undefined ? [] : ['-addext', `subjectAltName=${name}`]),
    ...(signedBy === undefined
      ? []
      : [
          '-CA',
          inside(`${signedBy}.pem`),
          '-CAkey',
          inside(`${signedBy}.key`),
          '-addext',
          'basicConstraints=CA:FALSE',
        ]),
  ]);
  await promisify(execFile)(made.command, made.args);
  const outside = (what: string) => join(data, DIRECTORY, what);
  return { certificate: outside(`${file}.pem`), key: outside(`${file}.key`) };
}

// The tests' image has no openssl to make certificates with.
describe.skipIf(inContainers)('a trunk over TLS', () => {
  beforeAll(async () => {
    const authority = await certificate('authority');
    const started = await startOnFreePorts('sipp', { HANDSET_TRUNK_CA: authority.certificate });
    lab = started.lab;
    theWorld = new World(describeLab(lab, started.settings));
  });

  afterAll(async () => {
    await lab.stop();
    await rm(lab.data, { recursive: true, force: true });
  });

  test('with SRTP has neither signalling nor sound in the clear', async ({ world, sipp, trunk }) => {
    const carrier = await trunk({ transport: 'tls', srtp: 'required' });
    const subscriber = await world.subscriber();
    const keys = {
      contact_params: ';transport=tls',
      profile: 'RTP/SAVP',
      media_line: `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${randomBytes(30).toString('base64')}`,
    };
    const over = await certificate('carrier', `IP:${carrier.at.address}`, 'authority');
    const answering = await sipp({ name: 'answers', at: carrier.at, over, keys });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await phone.done;
    const [invite] = received(await answering.done, 'INVITE');
    expect(invite?.header('Via')).toMatch(/^SIP\/2\.0\/TLS /);
    expect(invite?.body).toMatch(/^m=audio \d+ RTP\/SAVP /m);
    expect(invite?.body).toMatch(/^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/m);
  });

  test.for([
    ['that nobody has signed', (address: string) => certificate('unsigned', `IP:${address}`)],
    ['of another name', () => certificate('other', 'DNS:carrier.example', 'authority')],
  ] as const)('is told nothing where the certificate is one %s', async ([, made], { world, sipp, trunk }) => {
    const carrier = await trunk({ transport: 'tls' });
    // No other trunk may take the call.
    await world.api('PATCH', '/v1/trunks/trunk', { enabled: false });
    const subscriber = await world.subscriber();
    const over = await made(carrier.at.address);
    const keys = { contact_params: ';transport=tls' };
    const answering = await sipp({ name: 'answers', at: carrier.at, over, keys });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-call-refused');
    expect(finalAnswer(await phone.done)?.status).toBe(503);
    const { findings } = await world.api<{ findings: { check: string; words: string }[] }>(
      'POST',
      `/v1/trunks/${carrier.id}/test`,
    );
    expect(findings.find(({ check }) => check === 'answers')?.words).toContain('certificate can’t be taken');
    answering.stop();
    const invited = answering.message(({ method }) => method === 'INVITE');
    await expect(invited).rejects.toThrow('ended without that message');
    expect((await world.records(subscriber.extension)).at(-1)).toMatchObject({ reason: 'trunk-failed' });
  });
});
