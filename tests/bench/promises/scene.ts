import type { Browser } from 'playwright-core';
import type { Lab } from '../../../asterisk/lab/lab.ts';
import { Operator, type Person } from '../../support/operator.ts';
import { Phone, type PhoneOptions } from '../../support/phone.ts';
import { Relay } from '../../support/relay.ts';
import type { Series } from '../measurement.ts';

export const TONE = '+12025550101';
export const TONE_HERTZ = 1004;
export const LOST = 'No connection. Reconnecting…';

/** Where promises are put to the test, and what comes of it. */
export interface Scene {
  readonly browser: Browser;
  readonly lab: Lab;
  readonly series: Series;
}

/** A phone that is ready, of a person of its own. Whoever asks for it closes it. */
export async function readyPhone(
  { browser, lab }: Scene,
  options: PhoneOptions = {},
): Promise<{ readonly phone: Phone; readonly person: Person }> {
  const person = await new Operator(lab.description).addPerson();
  const phone = await Phone.open(browser, lab.description.url, options);
  await phone.signIn(person);
  await phone.says('Ready');
  return { phone, person };
}

/** The same, closed after the work. */
export async function withPhone(
  scene: Scene,
  options: PhoneOptions,
  work: (phone: Phone, person: Person) => Promise<void>,
): Promise<void> {
  const { phone, person } = await readyPhone(scene, options);
  await work(phone, person);
  await phone.context.close();
}

/** A phone whose TCP passes a relay. */
export async function throughRelay(
  scene: Scene,
  work: (phone: Phone, relay: Relay) => Promise<void>,
): Promise<void> {
  const relay = await Relay.start();
  try {
    await withPhone(scene, { proxy: relay.proxy }, (phone) => work(phone, relay));
  } finally {
    await relay.close();
  }
}

export async function callTone(phone: Phone): Promise<void> {
  await phone.call(TONE);
  await phone.hears(TONE_HERTZ);
}

export async function hangUp(phone: Phone): Promise<void> {
  await phone.hangUp();
  await phone.says('Call ended');
}
