import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { Carrier } from '../support/asterisk.ts';
import { Operator, type Person } from '../support/operator.ts';
import { type Measurement, Series } from './measurement.ts';
import { signedInContext } from './page-load.ts';
import { Wire } from './wire.ts';

/** Answers at once, with the 1004 Hz tone. */
const TONE = '+12025550101';
/** Rings, and never answers. */
const RINGING = '+12025550103';
const INVITE_TARGET_MS = 10;
const ANSWER_TARGET_MS = 30;
/** How long people look who it is, at least, before they answer. */
const LOOKED_AT_MS = 500;
/** How long a phone has been ready, or back from its last call, when it is called with. */
const REST_MS = 2_000;
/** The quietest sound that counts as heard (root mean square, full scale 1). */
const AUDIBLE = 0.01;

const LISTENER = join(import.meta.dirname, '..', 'support', 'in-page', 'listen.js');

type IceServers = readonly { readonly urls: readonly string[] }[];

/** One phone for each way in which STUN can be; they take turns. */
interface Setting {
  readonly name: string;
  readonly person: Person;
  readonly page: Page;
  readonly wire: Wire;
  restedAt: number;
}

/**
 * From the click on Call to what follows: INVITE, 180, 200 on the wire, and the first sound; from the click on
 * Answer to the 200.
 */
export async function measureCallSetup(
  browser: Browser,
  { description: lab, data }: Pick<Lab, 'description' | 'data'>,
  n: number,
): Promise<readonly Measurement[]> {
  const carrier = new Carrier(data);
  const silent = await silentServer();
  const dead = `127.0.0.1:${silent.address().port}`;
  try {
    const settings = [
      await phone(browser, lab, 'no STUN', () => []),
      await phone(browser, lab, 'STUN answers', (own) => own),
      await phone(browser, lab, 'STUN never answers', () => [{ urls: [`stun:${dead}`] }]),
    ];
    const series = new Series();
    for (let i = 0; i < n; i++) {
      for (const setting of settings) await measureRinging(setting, series);
      for (const setting of settings) await measureAnswered(setting, series);
      for (const setting of settings) await measureAnswering(setting, carrier, series);
    }
    for (const { page } of settings) await page.context().close();
    return inOrder(series.measurements);
  } finally {
    silent.close();
  }
}

/** A UDP port that takes everything and says nothing. */
async function silentServer() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const phoneConfig = z.looseObject({ iceServers: z.array(z.looseObject({ urls: z.array(z.string()) })) });

async function phone(
  browser: Browser,
  lab: { url: string; apiKey: string },
  name: string,
  iceServers: (own: IceServers) => IceServers,
): Promise<Setting> {
  const person = await new Operator(lab).addPerson();
  const context = await signedInContext(browser, lab.url, person);
  await context.route('**/v1/phone-config', async (route) => {
    const response = await route.fetch();
    const config = phoneConfig.parse(await response.json());
    await route.fulfill({ response, json: { ...config, iceServers: iceServers(config.iceServers) } });
  });
  await context.addInitScript({ path: LISTENER });
  await context.addInitScript(
    "addEventListener('click', (event) => { globalThis.clickedAt = event.timeStamp; }, true);",
  );
  const page = await context.newPage();
  const wire = await Wire.of(page);
  await page.goto(lab.url);
  await says(page, 'Ready');
  return { name, person, page, wire, restedAt: performance.now() };
}

const says = (page: Page, words: string) =>
  page.getByRole('status').filter({ hasText: words }).first().waitFor();

/** @returns the moment of the click */
async function call({ page, wire, restedAt }: Setting, number: string): Promise<number> {
  await page.getByRole('textbox', { name: 'Number', exact: true }).fill(number);
  await delay(Math.max(0, restedAt + REST_MS - performance.now()));
  wire.clear();
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  return z.number().parse(await page.evaluate('clickedAt'));
}

async function hangUp(setting: Setting): Promise<void> {
  await setting.page.getByRole('button', { name: 'Hang up', exact: true }).click();
  await says(setting.page, 'Call ended');
  setting.restedAt = performance.now();
}

async function measureRinging(setting: Setting, series: Series): Promise<void> {
  const clicked = await call(setting, RINGING);
  const { wire, name } = setting;
  const invite = await wire.first(true, /^INVITE /);
  const ringing = await wire.first(false, /^SIP\/2\.0 180 /);
  series.add(`click → INVITE, ${name}`, 'ms', invite.at - clicked, INVITE_TARGET_MS);
  series.add(`click → 180, ${name}`, 'ms', ringing.at - clicked);
  await hangUp(setting);
}

async function measureAnswered(setting: Setting, series: Series): Promise<void> {
  const { page, wire, name } = setting;
  const heard = page.evaluate(`handsetTest.firstSound(${AUDIBLE})`);
  const clicked = await call(setting, TONE);
  const invite = await wire.first(true, /^INVITE /);
  const answer = await wire.first(false, /^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s);
  series.add(`click → INVITE, ${name}`, 'ms', invite.at - clicked, INVITE_TARGET_MS);
  series.add(`click → 200, ${name}`, 'ms', answer.at - clicked);
  series.add(`click → first sound, ${name}`, 'ms', z.number().parse(await heard) - clicked);
  await hangUp(setting);
}

async function measureAnswering(setting: Setting, carrier: Carrier, series: Series): Promise<void> {
  const { page, wire, name, person, restedAt } = setting;
  await delay(Math.max(0, restedAt + REST_MS - performance.now()));
  await carrier.call(person.number, 'tone');
  await says(page, 'Incoming call');
  await delay(LOOKED_AT_MS);
  wire.clear();
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  const clicked = z.number().parse(await page.evaluate('clickedAt'));
  const answer = await wire.first(true, /^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s);
  series.add(`click on Answer → 200, ${name}`, 'ms', answer.at - clicked, ANSWER_TARGET_MS);
  await says(page, 'In call');
  await hangUp(setting);
}

/** By what is measured, then by setting. */
function inOrder(measurements: readonly Measurement[]): readonly Measurement[] {
  const step = ({ name }: Measurement) =>
    ['click → INVITE', '→ 180', 'click → 200', '→ first', 'Answer →'].findIndex((words) =>
      name.includes(words),
    );
  return measurements.toSorted((a, b) => step(a) - step(b));
}
