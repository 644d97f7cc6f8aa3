import { describe } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';

const LOST = 'No connection. Reconnecting…';

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
});
