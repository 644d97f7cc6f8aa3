import { describe, expect } from 'vitest';
import { MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';
import type { Relay } from '../support/relay.ts';

const LOST = 'No connection. Reconnecting…';
const MISSED = 'Call ended: missed call';
const SILENT_WITHIN_MS = 3_000;

/** How a connection goes while the phone rings. */
const losses: Readonly<Record<string, (relay: Relay) => void>> = {
  'is cut': (relay) => relay.cut(),
  'swallows everything': (relay) => relay.blackHole(),
};

/** The path is back, and the browser tells the page so. */
async function restore(phone: Phone, relay: Relay): Promise<void> {
  relay.restore();
  await phone.page.evaluate("dispatchEvent(new Event('online'))");
}

/** Whether its title rings along. */
async function rings(phone: Phone): Promise<boolean> {
  return String(await phone.page.evaluate('document.title')).includes('555-0199');
}

describe.for(Object.entries(losses))('a phone that rings while its connection %s', ([, lose]) => {
  test('rings no more, within three seconds, where the caller gave up meanwhile', async ({
    signedIn,
    relay,
    carrier,
  }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    lose(relay);
    await phone.says(LOST);
    await carrier.hangUp(person.number);
    await carrier.isFreeOf(person.number);
    const restored = Date.now();
    await restore(phone, relay);
    await phone.says(MISSED);
    expect(Date.now() - restored).toBeLessThanOrEqual(SILENT_WITHIN_MS);
    expect(await rings(phone)).toBe(false);

    await phone.says('Ready');
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('rings on where the caller did not, until they give up', async ({ signedIn, relay, carrier }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    const asked = phone.page.waitForResponse(/\/v1\/phone\/calls\//);
    lose(relay);
    await phone.says(LOST);
    await restore(phone, relay);
    expect(await (await asked).json()).toEqual({ live: true });
    await phone.says('Ready');
    expect(await rings(phone)).toBe(true);
    await carrier.hangUp(person.number);
    const gaveUp = Date.now();
    await phone.says(MISSED);
    expect(Date.now() - gaveUp).toBeLessThanOrEqual(SILENT_WITHIN_MS);
  });

  test('rings on, and can be answered', async ({ signedIn, relay, carrier }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    const asked = phone.page.waitForResponse(/\/v1\/phone\/calls\//);
    lose(relay);
    await phone.says(LOST);
    await restore(phone, relay);
    await asked;
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.hangUp();
    await carrier.isFreeOf(person.number);
  });
});
