import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { engine, MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import { acceptsAgain, endCallsAtCarrier, keepGatewayDown, killGateway } from '../support/gateway-outage.ts';
import { until } from '../support/until.ts';

const LOST = 'No connection. Reconnecting…';
const CUT_MS = 3_000;
const LONGEST_GAP_MS = 100;
const READY_WITHIN_MS = 1_000;
const NOTICED_WITHIN_MS = 6_000;
const OVER_WITHIN_MS = 5_000;
const AWAY_MS = 10_000;

describe('a WebSocket that is cut for three seconds in a call', () => {
  test('stops no sound, is registered again within a second, and the call goes on both ways', async ({
    hearingTone,
    relay,
    carrier,
  }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    const listening = phone.longestGap(MILLIWATT_HERTZ, 6);
    const invites = () => phone.trace.sent(/^INVITE /).length;
    const before = invites();
    relay.cut();
    await phone.says(LOST);
    await delay(CUT_MS);
    const restored = Date.now();
    relay.restore();
    await phone.says('Ready');
    const gap = await listening;
    const took = (await phone.readyAt()) - restored;
    expect(took).toBeLessThanOrEqual(READY_WITHIN_MS);
    expect(gap).toBeLessThanOrEqual(LONGEST_GAP_MS);
    // Sound went on: no other path for it is looked for.
    expect(invites()).toBe(before);
    await phone.says('In call');
    await carrier.hangUp(person.number);
    await phone.says('Call ended: they hung up');
  });

  test('lets keys pressed meanwhile reach the far end, and others after it', async ({
    hearingTone,
    relay,
    carrier,
  }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    relay.cut();
    await phone.says(LOST);
    const pressSeven = () => phone.button('7').click();
    expect(await carrier.keysReceived(person.number, 1, pressSeven)).toBe('7');
    relay.restore();
    await phone.says('Ready');
    const pressThree = () => phone.button('3').click();
    expect(await carrier.keysReceived(person.number, 1, pressThree)).toBe('3');
  });

  test('lets a hang-up pressed meanwhile reach the far end', async ({ hearingTone, relay, carrier }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    relay.cut();
    await phone.says(LOST);
    await phone.hangUp();
    await phone.says('Call ended: you hung up');
    await delay(CUT_MS);
    expect(await carrier.callsWith(person.number)).toBeGreaterThan(0);
    relay.restore();
    await carrier.isFreeOf(person.number);
    await phone.says('Ready');
  });

  test('lets an answer pressed meanwhile reach the caller', async ({ signedIn, relay, carrier }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    relay.cut();
    await phone.says(LOST);
    await phone.answer();
    relay.restore();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.says('In call');
  });
});

describe('a path that swallows everything', () => {
  test('is noticed within six seconds and said; the phone is ready again on a new one', async ({
    signedIn,
    relay,
  }) => {
    const { phone } = await signedIn({ proxy: relay.proxy });
    const began = Date.now();
    relay.blackHole();
    await phone.says(LOST);
    const noticed = Date.now() - began;
    expect(noticed).toBeLessThanOrEqual(NOTICED_WITHIN_MS);
    const restored = Date.now();
    relay.restore();
    await phone.page.evaluate("dispatchEvent(new Event('online'))");
    await phone.says('Ready');
    expect((await phone.readyAt()) - restored).toBeLessThanOrEqual(READY_WITHIN_MS);
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('in a call stops no sound, and a hang-up that it swallowed reaches the far end', async ({
    hearingTone,
    relay,
    carrier,
  }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    relay.blackHole();
    expect(await phone.longestGap(MILLIWATT_HERTZ, 1)).toBeLessThanOrEqual(LONGEST_GAP_MS);
    await phone.hangUp();
    await phone.says(LOST);
    expect(await carrier.callsWith(person.number)).toBeGreaterThan(0);
    relay.restore();
    await carrier.isFreeOf(person.number);
    await phone.says('Ready');
  });
});

test('in a hidden page a worker keeps the time, and the gateway is asked all the same', async ({
  signedIn,
}) => {
  const { phone } = await signedIn();
  const worker = phone.page.waitForEvent('worker');
  await phone.page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })");
  await worker;
  const answers = () => phone.trace.received(/CSeq: \d+ OPTIONS/).length;
  const before = answers();
  await until('two answers', () => answers() >= before + 2 || undefined);
  await phone.says('Ready');
});

test('a path that is slow is not taken for a dead one', async ({ signedIn, relay }) => {
  const { phone } = await signedIn({ proxy: relay.proxy });
  relay.slowDown(400);
  const sockets = phone.trace.sockets.length;
  const probes = () => phone.trace.received(/CSeq: \d+ OPTIONS/).length;
  const before = probes();
  await until('three answered probes', () => probes() >= before + 3 || undefined, 20_000);
  expect(phone.trace.sockets).toHaveLength(sockets);
  await phone.says('Ready');
});

// Only Chromium's driver lets a page past its own policy, to other addresses than its origin's.
test.skipIf(engine === 'firefox')(
  'of several addresses of the gateway, the next is tried within two seconds',
  async ({ open, operator, relay, lab }) => {
    const phone = await open({ bypassCSP: true });
    const works = `${lab.url.replace('http', 'ws')}/ws`;
    // A port where nobody listens, and one that never answers: a WebSocket to it stays in the making.
    const deaf = await relay.neverAnswering();
    await phone.page.route('**/v1/phone-config', async (route) => {
      const response = await route.fetch();
      const config = await response.json();
      await route.fulfill({
        response,
        json: { ...config, webSockets: ['ws://127.0.0.1:1/ws', deaf, works] },
      });
    });
    await phone.signIn(await operator.addPerson({}));
    await phone.says('Ready');
    const tried = phone.trace.sockets;
    expect(tried.map(({ url }) => url)).toEqual(['ws://127.0.0.1:1/ws', deaf, works]);
    const waits = tried.slice(1).map(({ at }, i) => at - (tried[i]?.at ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
  },
);

describe('a gateway that is killed and comes back', () => {
  test('has the phone registered within a second; its calls say that they are over', async ({
    hearingTone,
    lab,
    gateway,
  }) => {
    const { phone, person } = await hearingTone();
    onTestFinished(() => endCallsAtCarrier(lab.data));
    const killed = Date.now();
    killGateway(lab.data);
    const [accepts] = await Promise.all([
      acceptsAgain(lab),
      phone.says('Call ended: the network was lost').then(() => expectSoon(killed)),
    ]);
    await phone.says('Ready');
    const took = (await phone.readyAt()) - accepts;
    expect(took).toBeLessThanOrEqual(READY_WITHIN_MS);
    expect(await gateway.run('pjsip show contacts')).toContain(`${person.extension}/`);
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
  });

  test.for(['in talk', 'on hold'])(
    'after ten seconds only: a call %s says at once that it is over',
    async (how, { hearingTone, lab }) => {
      const { phone } = await hearingTone();
      onTestFinished(() => endCallsAtCarrier(lab.data));
      if (how === 'on hold') {
        await phone.button('Hold').click();
        await phone.says('On hold');
      }
      const killed = Date.now();
      const letGo = keepGatewayDown(lab.data);
      try {
        await phone.says('Call ended: the network was lost');
        await expectSoon(killed);
        await phone.says(LOST);
        await delay(AWAY_MS - (Date.now() - killed));
      } finally {
        letGo();
      }
      await acceptsAgain(lab);
      await phone.says('Ready');
    },
  );
});

async function expectSoon(killed: number): Promise<void> {
  expect(Date.now() - killed).toBeLessThanOrEqual(OVER_WITHIN_MS);
}
