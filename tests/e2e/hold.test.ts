import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { until } from '../support/until.ts';

const LOST = 'No connection. Reconnecting…';
const GLARE = /^SIP\/2\.0 491 /;
/** Each way: two requests that are sent within this time cross. */
const CROSSING_MS = 700;
/** 2.1 s for the side that has made the Call-ID (RFC 3261 §14.1), and what the trace's clock may be late by. */
const LEAST_INTERVAL_MS = 2_000;

describe('hold', () => {
  test('gives the far end music, and silence here; resume brings both back', async ({
    hearingTone,
    carrier,
  }) => {
    const { phone, person } = await hearingTone();
    await phone.button('Hold').click();
    await phone.says('On hold');
    await phone.playsNothing();
    await carrier.hearsHoldMusic(person.number);
    await phone.button('Resume').click();
    await phone.says('In call');
    await phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(person.number, FIRST_PITCH);
  });

  test('of an incoming call, twice over', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    for (let i = 0; i < 2; i++) {
      await phone.hears(MILLIWATT_HERTZ);
      await phone.button('Hold').click();
      await carrier.hearsHoldMusic(person.number);
      await phone.button('Resume').click();
    }
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('keeps the mute that was set before', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0100');
    await phone.hears(FIRST_PITCH);
    await phone.button('Mute').click();
    await phone.button('Hold').click();
    await phone.says('On hold');
    await phone.button('Resume').click();
    await phone.says('In call');
    await phone.hearsSilence();
    await phone.button('Unmute').click();
    await phone.hears(FIRST_PITCH);
  });

  test('by both sides ends for both when both resume', async ({ signedIn }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second', number: false })]);
    await ada.phone.call(minji.person.extension);
    await minji.phone.answer();
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    await ada.phone.button('Hold').click();
    await minji.phone.hearsHoldMusic();
    await minji.phone.button('Hold').click();
    await minji.phone.says('On hold');
    await ada.phone.button('Resume').click();
    await ada.phone.hearsHoldMusic();
    await minji.phone.button('Resume').click();
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
  });

  test('pressed while the WebSocket is cut takes effect when the path is back', async ({
    hearingTone,
    relay,
    carrier,
  }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    relay.cut();
    await phone.says(LOST);
    await phone.button('Hold').click();
    await phone.playsNothing();
    relay.restore();
    await carrier.hearsHoldMusic(person.number);
    await phone.button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('asked for at the moment at which the gateway asks for something comes after the interval of RFC 3261', async ({
    hearingTone,
    relay,
    gateway,
    carrier,
  }) => {
    const { phone, person } = await hearingTone({ proxy: relay.proxy });
    const { name } = await gateway.channelOf(phone);
    relay.slowDown(CROSSING_MS);
    await gateway.run(`dialplan set chanvar ${name} PJSIP_SEND_SESSION_REFRESH() invite`);
    await phone.button('Hold').click();
    // What is on its way still takes its time; a path that stays so slow would be taken for a dead one.
    relay.slowDown(0);
    const [refused] = await until('both to be told that the other was first', () => {
      const [here, there] = [phone.trace.sent(GLARE), phone.trace.received(GLARE)];
      return here.length > 0 && there.length > 0 ? there : undefined;
    });
    await carrier.hearsHoldMusic(person.number);
    const [again] = phone.trace.sent(/^INVITE /).slice(-1);
    expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(LEAST_INTERVAL_MS);
    await phone.button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
  });
});
