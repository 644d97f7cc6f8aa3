import { describe, expect } from 'vitest';
import { MILLIWATT_HERTZ, test } from '../support/e2e.ts';

describe('the keypad', () => {
  test('types a number', async ({ signedIn }) => {
    const { phone } = await signedIn();
    for (const key of '12025550102') await phone.button(key).click();
    await phone.button('Call').click();
    await phone.says('Call ended: the line is busy');
  });

  test('in a call its tones reach the far end: each, once, in order', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.says('In call');
    const keys = '159*0#7';
    const received = await carrier.keysReceived(person.number, keys.length, async () => {
      for (const key of keys) await phone.button(key).click();
    });
    expect(received).toBe(keys);
  });

  test('a key of the far end is heard, once', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    // What comes before a browser has its first sound is not played, be it a key.
    await phone.hears(MILLIWATT_HERTZ);
    // Not one that it sends back: for half a second after one of ours, Asterisk takes the beginning of a tone for an echo.
    // And not a short one: the sound after a tone has timestamps as if it had begun in the middle of it, and cuts off what
    // a busy browser has still to play.
    const heard = await phone.keysHeard(2, () => carrier.pressesKey(person.number, '5'));
    expect(heard).toBe('5');
  });

  test('keys that are pasted reach the far end one by one', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const paste = () => phone.paste('1234 56#');
    expect(await carrier.keysReceived(person.number, KEYS.length, paste)).toBe(KEYS);
  });

  test('each key is heard here, too: clicked, typed, pasted', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    // The first one wakes the way out of the page: it is listened to from somewhere in the middle of it.
    await phone.button('0').click();
    const heard = await phone.ownKeysHeard(2, async () => {
      await phone.button('1').click();
      await phone.page.keyboard.press('9');
      await phone.paste('78#');
    });
    expect(heard.replace(/^0/, '')).toBe('1978#');
  });
});

const KEYS = '123456#';
