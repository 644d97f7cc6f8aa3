import { describe } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';

describe('sound', () => {
  test('a dialled telephone is heard', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.says('In call');
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('a dialled telephone hears the microphone', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.says('In call');
    await carrier.hears(person.number, FIRST_PITCH);
  });

  test('what the microphone hears comes back from the echo', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0100');
    await phone.hears(FIRST_PITCH);
  });

  test('a muted microphone is silent, and heard again when unmuted', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0100');
    await phone.hears(FIRST_PITCH);
    await phone.button('Mute').click();
    await phone.hearsSilence();
    await phone.button('Unmute').click();
    await phone.hears(FIRST_PITCH);
  });

  test('two browsers that call each other by extension hear each other', async ({ signedIn }) => {
    const [ada, minji] = await Promise.all([
      signedIn(),
      signedIn({ browser: 'second', name: '김민지', number: false }),
    ]);
    await ada.phone.call(minji.person.extension);
    await minji.phone.says(/Incoming call from Ada Lovelace/);
    await minji.phone.answer();
    await Promise.all([ada.phone.says('In call'), minji.phone.says('In call')]);
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    await minji.phone.hangUp();
    await ada.phone.says('Call ended: they hung up');
    await minji.phone.says('Call ended: you hung up');
  });
});
