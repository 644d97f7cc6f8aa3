import { describe, expect } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';

const KNOCK_HERTZ = 440;
/** Answers with the 1004 Hz tone, and as the phone writes it. */
const TONE = { dialled: '+12025550101', shown: '(202) 555-0101' };
/** Answers with an echo. */
const ECHO = { dialled: '+12025550100', shown: '(202) 555-0100' };
const CALLER = '(202) 555-0199';

/** One call on hold that gives the 1004 Hz tone, another one that gives the echo. */
async function twoCalls(phone: Phone): Promise<void> {
  await phone.call(TONE.dialled);
  await phone.hears(MILLIWATT_HERTZ);
  await phone.addCall(ECHO.dialled);
  await phone.hears(FIRST_PITCH);
}

describe('a second call', () => {
  test('that is added holds the first: it hears music, and only the second is heard', async ({
    signedIn,
    carrier,
  }) => {
    const { phone, person } = await signedIn();
    await twoCalls(phone);
    expect(await phone.playersHeard()).toBe(1);
    await phone.says(`${ECHO.shown}: In call`);
    await carrier.hearsHoldMusic(person.number, TONE.dialled);
  });

  test('that comes in knocks; answered, it holds the first', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    await carrier.call(person.number);
    await phone.says(`Incoming call from ${CALLER}`);
    await phone.makes(KNOCK_HERTZ);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.group(CALLER).button('Answer').click();
    await phone.hearsSpeech();
    await carrier.hearsHoldMusic(person.number, TONE.dialled);
  });

  test('that is declined leaves the first as it is', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    await carrier.call(person.number);
    await phone.group(CALLER).button('Decline').click();
    await phone.says(`${CALLER}: Call ended: you declined it`);
    await phone.hears(MILLIWATT_HERTZ);
  });
});

describe('with two calls', () => {
  test('swap changes places, again and again', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await twoCalls(phone);
    for (let i = 0; i < 2; i++) {
      await phone.button('Swap').click();
      await phone.hears(MILLIWATT_HERTZ);
      expect(await phone.playersHeard()).toBe(1);
      await carrier.hears(person.number, FIRST_PITCH, TONE.dialled);
      await phone.button('Swap').click();
      await phone.hears(FIRST_PITCH);
    }
    await carrier.hearsHoldMusic(person.number, TONE.dialled);
  });

  test('each is a group named after its far end, with its own actions', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await twoCalls(phone);
    await phone.group(TONE.shown).button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.group(ECHO.shown).button('Resume').waitFor();
    await phone.group(TONE.shown).button('Hold').click();
    await phone.playsNothing();
    await phone.group(ECHO.shown).button('Hang up').click();
    await phone.group(TONE.shown).button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('the end of one leaves the other on hold until it is resumed', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await twoCalls(phone);
    await phone.group(ECHO.shown).button('Hang up').click();
    await phone.says(`${ECHO.shown}: Call ended: you hung up`);
    await phone.playsNothing();
    await phone.group(TONE.shown).button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.hangUp();
    await carrier.isFreeOf(person.number);
  });

  test('keys go to the one that is not on hold', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await twoCalls(phone);
    await phone.button('Swap').click();
    await phone.hears(MILLIWATT_HERTZ);
    const press = () => phone.button('7').click();
    expect(await carrier.keysReceived(person.number, 1, press, TONE.dialled)).toBe('7');
  });

  test('a third that comes in finds the line busy', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await twoCalls(phone);
    await carrier.call(person.number, 'talk', '+12125550142');
    await carrier.isFreeOf('+12125550142');
    expect(phone.trace.sent(/^SIP\/2\.0 486 /)).toHaveLength(1);
    await phone.hears(FIRST_PITCH);
  });

  test('a third waits where the person wants that, and remembers it', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.letsThirdCallsWait();
    await phone.page.reload();
    await phone.says('Ready');
    await twoCalls(phone);
    await carrier.call(person.number, 'tone');
    await phone.group(CALLER).button('Answer').click();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.group(ECHO.shown).button('Resume').waitFor();
    expect(await phone.playersHeard()).toBe(1);
  });

  test('nobody is kept out', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.button('Add call').click();
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.call(ECHO.dialled);
    await phone.button('Swap').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.group(ECHO.shown).button('Hang up').click();
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    expect(await accessibilityFaults(phone)).toEqual([]);
  });
});

test('people who are called by two colleagues hear the one they answer', async ({ signedIn }) => {
  const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second', name: 'Minji' })]);
  await ada.phone.call(TONE.dialled);
  await ada.phone.hears(MILLIWATT_HERTZ);
  await minji.phone.call(ada.person.extension);
  await ada.phone.group('Minji').button('Answer').click();
  await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
  await ada.phone.button('Swap').click();
  await Promise.all([ada.phone.hears(MILLIWATT_HERTZ), minji.phone.hearsHoldMusic()]);
});

test('by keyboard alone a second call is made, and given up', async ({ signedIn }) => {
  const { phone } = await signedIn();
  const { keyboard } = phone.page;
  await phone.call(TONE.dialled);
  await phone.hears(MILLIWATT_HERTZ);
  await phone.button('Add call').press('Enter');
  await keyboard.type('2025550100');
  await keyboard.press('Enter');
  await phone.hears(FIRST_PITCH);
  await keyboard.press('Escape');
  await phone.says(`${ECHO.shown}: Call ended: you hung up`);
  await phone.button('Resume').press('Enter');
  await phone.hears(MILLIWATT_HERTZ);
});
