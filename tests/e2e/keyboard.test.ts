import type { Locator, Page } from 'playwright-core';
import { describe } from 'vitest';
import { test } from '../support/e2e.ts';

const MOST_STEPS = 40;

/** Goes to a control as people without a mouse do. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await control.waitFor();
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await control.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${control} is not reached within ${MOST_STEPS} steps of the Tab key`);
}

describe('by keyboard alone', () => {
  test('people sign in, call, mute, hang up and sign out', async ({ open, operator }) => {
    const [phone, person] = await Promise.all([open(), operator.addPerson()]);
    const { page } = phone;
    await tabTo(page, phone.field('Login'));
    await page.keyboard.type(person.login);
    await tabTo(page, phone.field('Password'));
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await phone.says('Ready');

    await tabTo(page, phone.field('Number'));
    await page.keyboard.type('2025550101');
    await page.keyboard.press('Enter');
    await phone.says('In call');
    await tabTo(page, phone.button('Mute'));
    await page.keyboard.press('Space');
    await phone.button('Unmute').waitFor();
    await tabTo(page, phone.button('Hang up'));
    await page.keyboard.press('Enter');
    await phone.says('Call ended: you hung up');

    await tabTo(page, phone.button('Sign out'));
    await page.keyboard.press('Enter');
    await phone.button('Sign in').waitFor();
  });

  test('the Call button is reached and pressed', async ({ signedIn }) => {
    const { phone } = await signedIn();
    const { page } = phone;
    await tabTo(page, phone.field('Number'));
    await page.keyboard.type('2025550102');
    await tabTo(page, phone.button('Call'));
    await page.keyboard.press('Space');
    await phone.says('Call ended: the line is busy');
  });

  test('people answer, and decline', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    const { page } = phone;
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await tabTo(page, phone.button('Answer'));
    await page.keyboard.press('Enter');
    await phone.says('In call');
    await carrier.hangUp(person.number);
    await phone.says(/Call ended/);
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await tabTo(page, phone.button('Decline'));
    await page.keyboard.press('Enter');
    await phone.says('Call ended: you declined it');
  });
});
