import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import { until } from '../support/until.ts';

const HANDED_OVER_WITHIN_MS = 2_000;

describe('two tabs of one person', () => {
  test('are one registration; both show and control the calls', async ({ signedIn, gateway, carrier }) => {
    const { phone, person } = await signedIn();
    const second = await phone.openTab();
    await second.says('Ready');
    const contacts = async () =>
      (await gateway.run('pjsip show contacts')).split(`${person.extension}/`).length - 1;
    expect(await contacts()).toBe(1);
    expect(second.trace.messages).toHaveLength(0);

    await carrier.call(person.number, 'tone');
    await Promise.all([phone.says(/Incoming call/), second.says(/Incoming call/)]);
    await second.answer();
    await Promise.all([phone.says('In call'), second.says('In call')]);
    await phone.hears(MILLIWATT_HERTZ);
    await second.button('Mute').click();
    await phone.button('Unmute').waitFor();
    await second.button('Hold').click();
    await phone.says('On hold');
    await second.hangUp();
    await Promise.all([phone.says('Call ended: you hung up'), second.says('Call ended: you hung up')]);

    await second.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    await phone.hangUp();
    await second.says('Call ended: you hung up');
    expect(await contacts()).toBe(1);
  });

  test('sign in and out together', async ({ open, operator }) => {
    const phone = await open();
    await phone.button('Sign in').waitFor();
    const second = await phone.openTab();
    await second.signIn(await operator.addPerson({}));
    await Promise.all([phone.says('Ready'), second.says('Ready')]);
    await second.button('Sign out').click();
    await Promise.all([phone.button('Sign in').waitFor(), second.button('Sign in').waitFor()]);
  });
});

describe('the tab that has the phone', () => {
  test('hands its call over when it is closed', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    const second = await phone.openTab();
    await second.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    await phone.page.close({ runBeforeUnload: true });
    await second.hears(MILLIWATT_HERTZ);
    await second.says('In call');
    await carrier.hears(person.number, FIRST_PITCH);
    await second.hangUp();
    await carrier.isFreeOf(person.number);
  });

  test('hands its call over when it crashes', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    const second = await phone.openTab();
    await second.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    void phone.page.goto('chrome://crash').catch(() => undefined);
    await second.hears(MILLIWATT_HERTZ);
    await second.says('In call');
    const pressNine = () => second.button('9').click();
    expect(await carrier.keysReceived(person.number, 1, pressNine)).toBe('9');
  });

  test('hands the registration over within two seconds, and a call that comes just then rings', async ({
    signedIn,
    carrier,
  }) => {
    const { phone, person } = await signedIn();
    const second = await phone.openTab();
    await second.says('Ready');
    const closed = Date.now();
    await Promise.all([phone.page.close(), carrier.call(person.number, 'tone')]);
    await second.says(/Incoming call/);
    expect((await second.readyAt()) - closed).toBeLessThanOrEqual(HANDED_OVER_WITHIN_MS);
    await second.answer();
    await second.hears(MILLIWATT_HERTZ);
  });

  test('gives back a call that rings, and the next one rings', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    const second = await phone.openTab();
    await second.says('Ready');
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.page.close({ runBeforeUnload: true });
    await until('the second tab to be ready', () => second.readyAt().catch(() => undefined));
    await second.says(/Incoming call/);
    await second.answer();
    await second.hears(MILLIWATT_HERTZ);
  });

  test('asks before it is closed in a call, where no other tab could go on with it', async ({ signedIn }) => {
    const { phone } = await signedIn();
    const asked: string[] = [];
    phone.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const asks = phone.page.waitForEvent('dialog');
    await phone.page.close({ runBeforeUnload: true });
    await asks;
    expect(asked).toEqual(['beforeunload']);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.hangUp();
    await phone.says('Call ended: you hung up');
    const closed = phone.page.waitForEvent('close');
    await phone.page.close({ runBeforeUnload: true });
    await closed;
    expect(asked).toHaveLength(1);
  });
});
