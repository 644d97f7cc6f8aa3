import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, test } from '../support/e2e.ts';

/** Longer than a browser waits for candidates before it takes a path for failed: the answer is ready, and waits. */
const RINGING_MS = 20_000;

describe('incoming calls', () => {
  test('an answered call has sound both ways', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.says('In call');
    await Promise.all([phone.hears(MILLIWATT_HERTZ), carrier.hears(person.number, FIRST_PITCH)]);
    await phone.hangUp();
    await carrier.isFreeOf(person.number);
  });

  test('an answer that was long in coming gives sound both ways as well', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await delay(RINGING_MS);
    await phone.says(/Incoming call/);
    await phone.answer();
    await Promise.all([phone.hears(MILLIWATT_HERTZ), carrier.hears(person.number, FIRST_PITCH)]);
  });

  test('the caller is shown by their number, as people write it', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'talk', '+12125550142');
    await phone.says('Incoming call from (212) 555-0142');
  });

  test('a caller who does not want to be known is shown as such', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'talk', 'anonymous');
    await phone.says('Incoming call from Number withheld');
  });

  test('a declined call is refused to the caller', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await phone.button('Decline').click();
    await phone.says('Call ended: you declined it');
    await carrier.isFreeOf(person.number);
    expect(phone.trace.sent(/^SIP\/2\.0 603 /)).toHaveLength(1);
  });

  test('a caller who gives up leaves a missed call', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await carrier.hangUp(person.number);
    await phone.says('Call ended: missed call');
    expect(phone.trace.sent(/^SIP\/2\.0 487 /)).toHaveLength(1);
  });

  test('a caller who hangs up ends the call', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.says('In call');
    await carrier.hangUp(person.number);
    await phone.says('Call ended: they hung up');
  });

  test('the second phone of a person stops ringing when the first answers', async ({
    signedIn,
    alsoSignedIn,
    carrier,
  }) => {
    const { phone, person } = await signedIn();
    const second = await alsoSignedIn(person);
    await carrier.call(person.number, 'tone');
    await Promise.all([phone.says(/Incoming call/), second.says(/Incoming call/)]);
    await second.answer();
    await second.hears(MILLIWATT_HERTZ);
    await phone.says('Call ended: answered on another device');
  });
});
