import { describe, expect } from 'vitest';
import type { Carrier } from '../support/asterisk.ts';
import { FIRST_PITCH } from '../support/e2e.ts';
import type { Home } from '../support/network/home.ts';
import { type Path, setPath } from '../support/network/nat.ts';
import { test } from '../support/network/network-test.ts';
import type { Phone } from '../support/phone.ts';

const TONE = '+1 202 555 0101';
const MILLIWATT_HERTZ = 1004;
const BACK_WITHIN_MS = 3_000;
const OTHER_HOST = 30;
const CALLS: readonly (readonly [path: Path, direction: 'outgoing' | 'incoming'])[] = [
  ['open', 'outgoing'],
  ['open', 'incoming'],
  ['port-restricted', 'outgoing'],
  ['symmetric', 'outgoing'],
  ['symmetric', 'incoming'],
  // Relayed over TCP.
  ['no-udp', 'outgoing'],
];

interface Talk {
  readonly phone: Phone;
  readonly carrier: Carrier;
  readonly number: string;
}

/** Moves to another address, and makes sure that both hear each other again within three seconds. */
async function moveInMidCall(home: Home, host: number, { phone, carrier, number }: Talk): Promise<void> {
  const gapThere = await carrier.listenForGaps(number, FIRST_PITCH, 6);
  const gapHere = phone.longestGap(MILLIWATT_HERTZ, 6);
  await home.moveTo(host);
  const gaps = { here: await gapHere, there: await gapThere() };
  expect(gaps.here).toBeLessThanOrEqual(BACK_WITHIN_MS);
  expect(gaps.there).toBeLessThanOrEqual(BACK_WITHIN_MS);
  // And it was not a path that had never gone.
  expect(gaps.here).toBeGreaterThan(0);
  await carrier.hears(number, FIRST_PITCH);
}

describe('an address that changes in mid-call', () => {
  for (const [path, direction] of CALLS) {
    test(`interrupts the sound either way for three seconds at most (path: ${path}, call: ${direction})`, async ({
      router,
      home,
      signedIn,
      carrier,
      onTestFinished,
    }) => {
      onTestFinished(() => home.moveBack());
      await setPath(router, path);
      const { phone, person } = await signedIn();
      if (direction === 'outgoing') await phone.call(TONE);
      else {
        await carrier.call(person.number, 'tone');
        await phone.says(/Incoming call/);
        await phone.answer();
      }
      await phone.hears(MILLIWATT_HERTZ);
      await moveInMidCall(home, OTHER_HOST, { phone, carrier, number: person.number });
      await phone.says('Ready');
      await phone.says('In call');
    });
  }
});
