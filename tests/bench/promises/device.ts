import { launchChromium } from '../../support/chromium.ts';
import { sleepWith } from '../../support/machine-sleep.ts';
import { Operator } from '../../support/operator.ts';
import { Phone } from '../../support/phone.ts';
import { shortenNextCredential } from '../../support/phone-config.ts';
import { Relay } from '../../support/relay.ts';
import { until } from '../../support/until.ts';
import { callTone, hangUp, readyPhone, type Scene, TONE_HERTZ, withPhone } from './scene.ts';

const SIGNED_OUT = 'You were signed out. Please sign in again.';
/** Longer than a phone that is awake goes without an answer of the gateway. */
const ASLEEP_MS = 8_000;
/** In place of twelve hours; a credential is renewed in the last quarter of its life. */
const LIFE_MS = 12_000;
const LISTENING_S = 13;

/** What becomes of a phone whose machine sleeps, or whose credential ends. */
export async function measureDevice(scene: Scene): Promise<void> {
  await measureSleep(scene);
  await withPhone(scene, {}, async (phone, person) => {
    const operator = new Operator(scene.lab.description);
    const [device] = await operator.devicesOf(person);
    if (device === undefined) throw new Error('nobody is signed in');
    const revoked = Date.now();
    await operator.revoke(person, device);
    await phone.page.getByText(SIGNED_OUT).waitFor();
    scene.series.add('device revoked → it says so', 'ms', Date.now() - revoked, { worst: 2_000 });
  });
  await measureRenewal(scene);
}

const losses: Readonly<Record<string, (relay: Relay) => void>> = {
  closed: (relay) => relay.cut(),
  'dead without a word': (relay) => relay.blackHole(),
};

/** In a browser of its own, which stands still. */
async function measureSleep(scene: Scene): Promise<void> {
  const browser = await launchChromium(undefined);
  try {
    for (const [how, lose] of Object.entries(losses)) {
      const took = await sleepThrough({ ...scene, browser }, lose);
      const name = `machine asleep, connection ${how}; awake → registered`;
      scene.series.add(name, 'ms', took, { worst: 2_000 });
    }
  } finally {
    await browser.close();
  }
}

/**
 * @param lose ends the connections that there are; new ones pass once it wakes
 * @returns how long after waking the phone was registered again, in ms
 */
async function sleepThrough(scene: Scene, lose: (relay: Relay) => void): Promise<number> {
  const relay = await Relay.start();
  const { phone } = await readyPhone(scene, { proxy: relay.proxy });
  const woke = await sleepWith(scene.browser, ASLEEP_MS, async () => {
    lose(relay);
    relay.restore();
  });
  const readyAgain = async () => {
    const at = await phone.readyAt();
    return at > woke ? at : undefined;
  };
  const took = (await until('the phone to be registered', readyAgain)) - woke;
  await phone.context.close();
  await relay.close();
  return took;
}

async function measureRenewal({ browser, lab, series }: Scene): Promise<void> {
  const person = await new Operator(lab.description).addPerson();
  const phone = await Phone.open(browser, lab.description.url);
  const credential = shortenNextCredential(phone.page, { data: lab.data, database: undefined }, LIFE_MS);
  await phone.signIn(person);
  await phone.says('Ready');
  const { name } = await credential;
  await callTone(phone);
  const gap = await phone.longestGap(TONE_HERTZ, LISTENING_S);
  const last = phone.trace.sent(/^REGISTER /).at(-1);
  if (last?.text.includes(name) !== false) throw new Error('the credential was not renewed');
  series.add('credential renewed in a call: longest gap in the sound', 'ms', gap, { worst: 100 });
  await hangUp(phone);
  await phone.context.close();
}
