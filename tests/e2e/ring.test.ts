import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

const BLOCKED = 'Your browser keeps this page silent until you touch it: calls would ring unheard.';
/** Longer than the ring pauses. */
const RING_SECONDS = 3;

/** Chromium without a window shows every page; the page is told that it is not in view, as its tab bar would. */
async function setHidden(phone: Phone, hidden: boolean): Promise<void> {
  await phone.page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

/** Waits for a notification. Chromium forgets one of which is asked while it is about to be shown: nobody asks before. */
async function isNotified({ page }: Phone): Promise<void> {
  await page.evaluate('notified');
}

/** The service worker gets what the system tells it when a button of a notification is pressed. */
async function pressOnNotification(phone: Phone, action: string): Promise<void> {
  await isNotified(phone);
  const worker = await until('the service worker', () => phone.context.serviceWorkers()[0]);
  const press = `self.registration.getNotifications().then(([notification]) => {
    if (notification === undefined) return undefined;
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action: '${action}' }));
    return notification.title;
  })`;
  const title = await until(
    'a notification',
    async () => (await worker.evaluate<string | undefined>(press)) ?? undefined,
  );
  expect(title).toBe('Incoming call from (202) 555-0199');
}

const notifications = (phone: Phone) =>
  phone.page.evaluate<number>(
    `navigator.serviceWorker.getRegistration('/').then((registration) => registration?.getNotifications() ?? []).then(({ length }) => length)`,
  );

/** What the page shows, read without what Playwright does at every look: that counts as a touch of the page. */
async function saysUntouched(phone: Phone, words: string): Promise<void> {
  const devTools = await phone.context.newCDPSession(phone.page);
  const expression = `(function text(node) {
    return [node.nodeValue ?? '', ...[...(node.shadowRoot ?? node).childNodes].map(text)].join(' ');
  })(document.body)`;
  await until(`${words} on a page that nobody touches`, async () => {
    const { result } = await devTools.send('Runtime.evaluate', { expression, userGesture: false });
    return String(result.value).includes(words) || undefined;
  });
}

async function allowNotifications(phone: Phone): Promise<void> {
  const { origin } = new URL(phone.page.url());
  await phone.context.grantPermissions(['microphone', 'notifications'], { origin });
  await phone.button('Sound settings').click();
  await phone.page.getByRole('switch', { name: 'Notify me of calls while this tab is hidden' }).check();
  await phone.page.keyboard.press('Escape');
  await phone.page.evaluate(`{
    const show = ServiceWorkerRegistration.prototype.showNotification;
    globalThis.notified = new Promise((resolve) => {
      ServiceWorkerRegistration.prototype.showNotification = async function (...notification) {
        await show.apply(this, notification);
        resolve();
      };
    });
    undefined;
  }`);
}

describe('a ring that the browser blocks, on a page that nobody has touched', () => {
  test('is said before anybody calls, and comes out once the page is touched', async ({
    machine,
    signedIn,
    carrier,
  }) => {
    await machine.plugSpeaker('Loudspeaker');
    await machine.plugMicrophone('DeskMicrophone', FIRST_PITCH);
    const { phone, person } = await signedIn({ machine });
    await phone.page.reload();
    await saysUntouched(phone, BLOCKED);
    await carrier.call(person.number, 'tone');
    await saysUntouched(phone, 'Incoming call from');
    await machine.staysSilent('Loudspeaker', RING_SECONDS);
    await phone.button('Let calls ring').click();
    await machine.playsSomething('Loudspeaker');
    await phone.page.getByText(BLOCKED).waitFor({ state: 'detached' });
    await phone.answer();
    await machine.plays('Loudspeaker', MILLIWATT_HERTZ);
  });
});

describe('a page that is not in view', () => {
  test('rings in its title and its icon', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    const look = () =>
      phone.page.evaluate<string[]>(`[document.title, document.querySelector('link[rel=icon]').href]`);
    const quiet = await look();
    await carrier.call(person.number);
    const ringing = await until('a title that rings', async () => {
      const [title = '', icon = ''] = await look();
      return title.includes('(202) 555-0199') && icon !== quiet[1] ? title : undefined;
    });
    expect(ringing).toBe('☎ (202) 555-0199');
    await phone.button('Decline').click();
    await until('a quiet title', async () => (`${await look()}` === `${quiet}` ? true : undefined));
  });

  test('shows a notification, on which the call is answered', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await allowNotifications(phone);
    await setHidden(phone, true);
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await pressOnNotification(phone, 'answer');
    await phone.hears(MILLIWATT_HERTZ);
    expect(await notifications(phone)).toBe(0);
  });

  test('shows a notification, on which the call is declined', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await allowNotifications(phone);
    await setHidden(phone, true);
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await pressOnNotification(phone, 'decline');
    await phone.says('Call ended: you declined it');
    await carrier.isFreeOf(person.number);
  });

  test('takes the notification back when it comes into view', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await allowNotifications(phone);
    await setHidden(phone, true);
    await carrier.call(person.number);
    await isNotified(phone);
    expect(await notifications(phone)).toBe(1);
    await setHidden(phone, false);
    await until('no notification', async () => ((await notifications(phone)) === 0 ? true : undefined));
  });

  test('offers notifications after a call of which it could not tell, and asks for nothing before', async ({
    signedIn,
    carrier,
  }) => {
    // The browser has not been asked for anything yet.
    const { phone, person } = await signedIn({ microphone: 'asked' });
    const offer = phone.button('Allow notifications');
    expect(await offer.count()).toBe(0);
    await setHidden(phone, true);
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await setHidden(phone, false);
    await offer.waitFor();
  });
});
