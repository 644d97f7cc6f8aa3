import { describe, expect } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { allHearEachOther, both, merged, QUIET, TONE } from '../support/conference.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { keepServerDown } from '../support/server-outage.ts';
import { until } from '../support/until.ts';

const CALLER = '(202) 555-0199';

describe('two calls that are merged', () => {
  test('are one conversation: each hears the two others', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await allHearEachOther(ada, minji, carrier);
    await ada.phone.says('Conference: In call');
    expect(await ada.phone.playersHeard()).toBe(1);
    await ada.phone.group(TONE.shown).button('Drop').waitFor();
    await ada.phone.group(minji.person.extension).button('Drop').waitFor();
    expect(await accessibilityFaults(ada.phone)).toEqual([]);
  });

  test('may both be outside numbers', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.addCall(QUIET.dialled);
    await phone.says(`${QUIET.shown}: In call`);
    await phone.button('Merge').click();
    await carrier.hearsMixOf(person.number, [MILLIWATT_HERTZ, FIRST_PITCH], QUIET.dialled);
    await phone.button('Leave').click();
    await carrier.hears(person.number, MILLIWATT_HERTZ, QUIET.dialled);
  });

  test('may have come in', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await carrier.call(ada.person.number, 'tone');
    await ada.phone.answer();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await minji.phone.call(ada.person.extension);
    await ada.phone.group('Minji').button('Answer').click();
    await ada.phone.hears(SECOND_PITCH);
    await ada.phone.button('Merge').click();
    await Promise.all([
      ada.phone.hearsMixOf(MILLIWATT_HERTZ, SECOND_PITCH),
      minji.phone.hearsMixOf(MILLIWATT_HERTZ, FIRST_PITCH),
      carrier.hearsMixOf(ada.person.number, [FIRST_PITCH, SECOND_PITCH]),
    ]);
    await ada.phone.group(CALLER).button('Drop').click();
    await carrier.isFreeOf(ada.person.number);
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
  });

  test('may have been taken over by a new page', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await ada.phone.call(TONE.dialled);
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.page.reload();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await minji.phone.call(ada.person.extension);
    await ada.phone.group('Minji').button('Answer').click();
    await ada.phone.hears(SECOND_PITCH);
    await ada.phone.button('Merge').click();
    await allHearEachOther(ada, minji, carrier);
    await ada.phone.button('Leave').click();
    await minji.phone.hears(MILLIWATT_HERTZ);
  });

  test('may have been handed to the phone by a colleague', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await carrier.call(ada.person.number, 'tone');
    await ada.phone.answer();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.button('Transfer').click();
    await ada.phone.field('Number').fill(minji.person.extension);
    await ada.phone.button('Complete transfer').click();
    await minji.phone.answer();
    await minji.phone.hears(MILLIWATT_HERTZ);
    await minji.phone.addCall(QUIET.dialled);
    await minji.phone.says(`${QUIET.shown}: In call`);
    await minji.phone.button('Merge').click();
    await Promise.all([
      carrier.hearsMixOf(minji.person.number, [MILLIWATT_HERTZ, SECOND_PITCH], QUIET.dialled),
      minji.phone.hears(MILLIWATT_HERTZ),
    ]);
    await minji.phone.group(QUIET.shown).button('Drop').click();
    await carrier.isFreeOf(minji.person.number);
    await minji.phone.hears(MILLIWATT_HERTZ);
    await minji.phone.hangUp();
    await carrier.isFreeOf(ada.person.number);
  });

  test('stay two calls where the server can’t be asked, and it is said why', async ({
    signedIn,
    lab,
    carrier,
    operator,
  }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.addCall(QUIET.dialled);
    await phone.says(`${QUIET.shown}: In call`);
    const letServerUp = keepServerDown(lab.data);
    try {
      await phone.button('Merge').click();
      await phone.says('Merge failed: the server does not answer');
      await phone.group(TONE.shown).button('Resume').waitFor();
    } finally {
      letServerUp();
    }
    await phone.button('Swap').click();
    await phone.hears(MILLIWATT_HERTZ);
    await until('a server that knows of both calls', async () => {
      const known = await operator.callsOf(person).catch(() => []);
      return known.length === 2 || undefined;
    });
    await phone.button('Merge').click();
    await carrier.hearsMixOf(person.number, [MILLIWATT_HERTZ, FIRST_PITCH], QUIET.dialled);
  });
});

describe('of a conference', () => {
  test('one member is dropped, and the rest goes on', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.group(minji.person.extension).button('Drop').click();
    await minji.phone.says('Call ended: they hung up');
    await ada.phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(ada.person.number, FIRST_PITCH, TONE.dialled);
    await ada.phone.hangUp();
    await carrier.isFreeOf(ada.person.number);
  });

  test('one member hangs up, and the rest goes on', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await carrier.hangUp(ada.person.number);
    await ada.phone.says(`${TONE.shown}: Call ended: they hung up`);
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    await minji.phone.hangUp();
    await ada.phone.says('Call ended: they hung up');
  });

  test('whoever made it leaves, and the others go on', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.button('Leave').click();
    await ada.phone.says('Call ended: you left the conference');
    await minji.phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(ada.person.number, SECOND_PITCH, TONE.dialled);
    await minji.phone.hangUp();
    await carrier.isFreeOf(ada.person.number);
  });

  test('a further call becomes a member', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.addCall(QUIET.dialled);
    await ada.phone.says(`${QUIET.shown}: In call`);
    await minji.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.button('Merge').click();
    await ada.phone.group(QUIET.shown).button('Drop').waitFor();
    expect(await ada.phone.button('Add call').count()).toBe(0);
    const all = [FIRST_PITCH, SECOND_PITCH, MILLIWATT_HERTZ];
    await carrier.hearsMixOf(ada.person.number, all, QUIET.dialled);
    await ada.phone.group(QUIET.shown).button('Drop').click();
    await allHearEachOther(ada, minji, carrier);
  });

  test('a member brings a further one', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await minji.phone.addCall(QUIET.dialled);
    await minji.phone.says(`${QUIET.shown}: In call`);
    await minji.phone.button('Merge').click();
    const all = [FIRST_PITCH, SECOND_PITCH, MILLIWATT_HERTZ];
    await carrier.hearsMixOf(minji.person.number, all, QUIET.dialled);
    await minji.phone.button('Leave').click();
    await ada.phone.says(`${minji.person.extension}: Call ended: they hung up`);
    await carrier.hearsMixOf(minji.person.number, [FIRST_PITCH, MILLIWATT_HERTZ], QUIET.dialled);
  });
});
