import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { AsteriskConsole, Carrier } from '../support/asterisk.ts';
import { MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import { sleepWith } from '../support/machine-sleep.ts';
import type { Person } from '../support/operator.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

const READY_WITHIN_MS = 2_000;
/** Longer than a phone that is awake goes without an answer of the gateway. */
const ASLEEP_MS = 8_000;

const browserOf = ({ context }: Phone) => {
  const browser = context.browser();
  if (browser === null) throw new Error('a phone without a browser');
  return browser;
};

/** Has the page take down all that happens to its calls. */
async function noteCalls({ page }: Phone): Promise<() => Promise<unknown>> {
  await page.evaluate(
    `globalThis.happened = []; addEventListener('call-state', ({ detail }) => happened.push(detail.status))`,
  );
  return () => page.evaluate('happened');
}

function contactGoes(gateway: AsteriskConsole, { extension }: Person): Promise<true> {
  return until(
    'the contact to go',
    async () =>
      !(await gateway.run('database show registrar/contact')).includes(`/${extension};`) || undefined,
  );
}

/** Makes sure that the next call rings, as the only one, and is heard. */
async function ringsOnce(
  phone: Phone,
  { number }: Person,
  carrier: Carrier,
  happened: () => Promise<unknown>,
): Promise<void> {
  await phone.says('Ready');
  await carrier.call(number, 'tone');
  await phone.says(/Incoming call/);
  expect(await happened()).toEqual(['ringing']);
  await phone.answer();
  await phone.hears(MILLIWATT_HERTZ);
}

describe('a machine that slept', () => {
  test('rings for no call that is over, which it finds when it wakes, and for the next one', async ({
    signedIn,
    carrier,
  }) => {
    const { phone, person } = await signedIn();
    const happened = await noteCalls(phone);
    const invites = () => phone.trace.received(/^INVITE /).length;
    await sleepWith(browserOf(phone), ASLEEP_MS, async () => {
      await carrier.call(person.number);
      await carrier.isFreeOf(person.number);
    });
    await until('the call that is over to arrive', () => invites() > 0 || undefined);
    await ringsOnce(phone, person, carrier, happened);
  });

  test('rings for a call that came just before it woke', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await sleepWith(browserOf(phone), ASLEEP_MS, async () => {
      await delay(ASLEEP_MS - 1_000);
      await carrier.call(person.number, 'tone');
    });
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
  });

  test.for(['closed', 'dead without a word'])(
    'is registered again within two seconds when its connection is %s by then',
    async (how, { signedIn, carrier, relay, gateway }) => {
      const { phone, person } = await signedIn({ proxy: relay.proxy });
      const happened = await noteCalls(phone);
      const woke = await sleepWith(browserOf(phone), ASLEEP_MS, async () => {
        if (how === 'closed') {
          relay.cut();
          await contactGoes(gateway, person);
        } else relay.blackHole();
        await carrier.call(person.number);
        await carrier.isFreeOf(person.number);
        relay.restore();
      });
      const readyAgain = async () => {
        const at = await phone.readyAt();
        return at > woke ? at : undefined;
      };
      expect((await until('the phone to be ready', readyAgain)) - woke).toBeLessThanOrEqual(READY_WITHIN_MS);
      await ringsOnce(phone, person, carrier, happened);
    },
  );
});
