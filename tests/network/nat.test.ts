import { describe, expect } from 'vitest';
import { FIRST_PITCH } from '../support/e2e.ts';
import { lossSoFar, type Path, setLoss, setPath } from '../support/network/nat.ts';
import { test } from '../support/network/network-test.ts';

const TONE = '+1 202 555 0101';
const MILLIWATT_HERTZ = 1004;

/** What should win on each path, as the phone shows it. The gateway is on the Internet, at an address of its own. */
const WINNERS: readonly (readonly [path: Path, what: string, pair: string])[] = [
  ['open', 'the own addresses of both', 'own address ↔ own address (UDP)'],
  ['port-restricted', 'the address that STUN saw', 'seen from outside ↔ own address (UDP)'],
  ['symmetric', 'an address that only the gateway sees', 'found on the way ↔ own address (UDP)'],
  ['no-udp', 'a relay over TCP', 'relayed ↔ own address (TCP)'],
  ['https-only', 'a relay over TLS: only 443/TCP is open', 'relayed ↔ own address (TLS)'],
];

describe('a call goes both ways', () => {
  for (const [path, what, pair] of WINNERS) {
    test(`where the path is ${path}, by ${what}; and so does one to the phone`, async ({
      router,
      signedIn,
      carrier,
    }) => {
      await setPath(router, path);
      const { phone, person } = await signedIn();
      const bothHear = () =>
        Promise.all([phone.hears(MILLIWATT_HERTZ), carrier.hears(person.number, FIRST_PITCH)]);
      await carrier.call(person.number, 'tone');
      await phone.says(/Incoming call/);
      await phone.answer();
      await bothHear();
      await phone.hangUp();
      await carrier.isFreeOf(person.number);
      // By now STUN has answered the phone, which waits for no such answer: the pair has a name to show.
      await phone.call(TONE);
      await bothHear();
      await expect.poll(() => phone.pairInUse(), { timeout: 10_000 }).toBe(pair);
    });
  }
});

const LOSS = 0.05;
const LISTENING_MS = 12_000;

test('with five percent of the packets lost both are heard, and the phone knows how much is lost', async ({
  router,
  signedIn,
  carrier,
}) => {
  await setPath(router, 'open');
  const { phone, person } = await signedIn();
  await setLoss(router, LOSS);
  await phone.call(TONE);
  await Promise.all([phone.hears(MILLIWATT_HERTZ), carrier.hears(person.number, FIRST_PITCH)]);
  const enough = LISTENING_MS / 20;
  await expect
    .poll(async () => (await phone.packets()).received, { timeout: 2 * LISTENING_MS })
    .toBeGreaterThan(enough);
  const { received, lost } = await phone.packets();
  const onThePath = await lossSoFar(router);
  expect(Math.abs((100 * lost) / (received + lost) - 100 * onThePath)).toBeLessThanOrEqual(2);
  expect(lost).toBeGreaterThan(0);
});
