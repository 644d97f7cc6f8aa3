import { z } from 'zod';
import { Carrier } from '../../support/asterisk.ts';
import type { Person } from '../../support/operator.ts';
import type { Phone } from '../../support/phone.ts';
import { until } from '../../support/until.ts';
import { callTone, hangUp, readyPhone, type Scene, TONE_HERTZ, withPhone } from './scene.ts';

const RELEASED_WITHIN_MS = 30_000;
/** Longer than is promised: what takes too long is to be seen, too. */
const PATIENCE_MS = 2 * RELEASED_WITHIN_MS;
/** So many pages leave at the same time: each is waited for as long. */
const AT_ONCE = 5;

/** What becomes of calls and of the registration when a page is loaded anew, or another tab is there. */
export async function measurePages(scene: Scene): Promise<void> {
  await withPhone(scene, {}, (phone) => measureReload(scene, phone));
  await withPhone(scene, {}, (phone) => measureTabAtRest(scene, phone));
  await withPhone(scene, {}, (phone) => measureTabInCall(scene, phone));
}

async function measureReload({ series }: Scene, phone: Phone): Promise<void> {
  await callTone(phone);
  await phone.page.reload();
  await phone.hears(TONE_HERTZ);
  // The page's own clock begins with its load.
  const heard = z.number().parse(await phone.page.evaluate('performance.now()'));
  series.add('page reloaded in a call → far end’s tone again', 'ms', heard, { worst: 3_000 });
  await phone.says('In call');
  await hangUp(phone);
}

async function measureTabAtRest({ series }: Scene, phone: Phone): Promise<void> {
  const second = await phone.openTab();
  await second.says('Ready');
  const closed = Date.now();
  await phone.page.close();
  // That it says so is no sign: it said so of the tab that had the registration.
  const ready = await until('the other tab to be registered', () => second.readyAt().catch(() => undefined));
  const took = ready - closed;
  series.add('tab with the registration closed → the other one is registered', 'ms', took, { worst: 2_000 });
}

async function measureTabInCall({ series }: Scene, phone: Phone): Promise<void> {
  const second = await phone.openTab();
  await second.says('Ready');
  await callTone(phone);
  const closed = Date.now();
  await phone.page.close({ runBeforeUnload: true });
  await second.hears(TONE_HERTZ);
  series.add('tab with the sound closed → far end’s tone in the other one', 'ms', Date.now() - closed, {
    worst: 3_000,
  });
  await hangUp(second);
}

const leavings: Readonly<Record<string, (phone: Phone) => Promise<void>>> = {
  closed: (phone) => phone.page.close({ runBeforeUnload: true }),
  crashed: async (phone) => void phone.page.goto('chrome://crash').catch(() => undefined),
};

/** How long the far end of a call is kept by a page that is gone for good: `n` of each kind. */
export async function measureLeaving(scene: Scene, n: number): Promise<void> {
  for (const [how, leave] of Object.entries(leavings)) {
    for (let left = n; left > 0; left -= AT_ONCE)
      await leaveAtOnce(scene, Math.min(left, AT_ONCE), how, leave);
  }
}

async function leaveAtOnce(
  scene: Scene,
  count: number,
  how: string,
  leave: (phone: Phone) => Promise<void>,
): Promise<void> {
  const callers: { readonly phone: Phone; readonly person: Person }[] = [];
  for (let i = 0; i < count; i++) callers.push(await readyPhone(scene));
  for (const { phone } of callers) await callTone(phone);
  const carrier = new Carrier(scene.lab.data);
  await Promise.all(
    callers.map(async ({ phone, person }) => {
      const began = Date.now();
      await leave(phone);
      await carrier.isFreeOf(person.number, PATIENCE_MS);
      scene.series.add(`page ${how} in a call → far end released`, 'ms', Date.now() - began, {
        worst: RELEASED_WITHIN_MS,
      });
    }),
  );
  for (const { phone } of callers) await phone.context.close();
}
