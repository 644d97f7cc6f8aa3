import { setTimeout as delay } from 'node:timers/promises';
import { acceptsAgain, killGateway } from '../../support/gateway-outage.ts';
import { Operator } from '../../support/operator.ts';
import { Phone } from '../../support/phone.ts';
import { Relay } from '../../support/relay.ts';
import { callTone, hangUp, LOST, type Scene, TONE_HERTZ, throughRelay, withPhone } from './scene.ts';

const CUT_MS = 3_000;
const LISTENING_S = 6;

/** What becomes of a connection, and of the calls on it, when the path or the gateway goes. */
export async function measureConnection(scene: Scene): Promise<void> {
  await throughRelay(scene, async (phone, relay) => {
    await measureCut(scene, phone, relay);
    await measureBlackHole(scene, phone, relay);
  });
  await withPhone(scene, {}, (phone) => measureKilledGateway(scene, phone));
  await measureNextAddress(scene);
}

async function measureCut({ series }: Scene, phone: Phone, relay: Relay): Promise<void> {
  await callTone(phone);
  const listening = phone.longestGap(TONE_HERTZ, LISTENING_S);
  relay.cut();
  await phone.says(LOST);
  await delay(CUT_MS);
  const restored = Date.now();
  relay.restore();
  await phone.says('Ready');
  series.add('WebSocket cut for 3 s in a call: longest gap in the sound', 'ms', await listening, {
    worst: 100,
  });
  const took = (await phone.readyAt()) - restored;
  series.add('… path back → registered', 'ms', took, { worst: 1_000 });
  await hangUp(phone);
}

async function measureBlackHole({ series }: Scene, phone: Phone, relay: Relay): Promise<void> {
  const began = Date.now();
  relay.blackHole();
  await phone.says(LOST);
  series.add('path black-holed → said', 'ms', Date.now() - began, { worst: 6_000 });
  const restored = Date.now();
  relay.restore();
  await phone.page.evaluate("dispatchEvent(new Event('online'))");
  await phone.says('Ready');
  const took = (await phone.readyAt()) - restored;
  series.add('… path back, `online` → registered', 'ms', took, { worst: 1_000 });
}

async function measureKilledGateway({ lab, series }: Scene, phone: Phone): Promise<void> {
  await callTone(phone);
  const killed = Date.now();
  killGateway(lab.data);
  const [accepts] = await Promise.all([
    acceptsAgain(lab.description),
    phone.says('Call ended: the network was lost').then(() => {
      series.add('gateway killed → its calls say so', 'ms', Date.now() - killed, { worst: 5_000 });
    }),
  ]);
  await phone.says('Ready');
  const took = Math.max(0, (await phone.readyAt()) - accepts);
  series.add('gateway back → registered', 'ms', took, { worst: 1_000 });
}

async function measureNextAddress({ browser, lab, series }: Scene): Promise<void> {
  const person = await new Operator(lab.description).addPerson();
  const relay = await Relay.start();
  const deaf = await relay.neverAnswering();
  const works = `${lab.description.url.replace('http', 'ws')}/ws`;
  const phone = await Phone.open(browser, lab.description.url, { bypassCSP: true });
  await phone.page.route('**/v1/phone-config', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), webSockets: [deaf, works] } });
  });
  await phone.signIn(person);
  await phone.says('Ready');
  const [first, next] = phone.trace.sockets;
  const waited = (next?.at ?? Number.NaN) - (first?.at ?? Number.NaN);
  series.add('address that never answers → the next is tried', 'ms', waited, { worst: 2_000 });
  await phone.context.close();
  await relay.close();
}
