import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';
import type { SoundSystem } from '../support/sound-system.ts';

const INVITE = /^INVITE /;

/** A desk microphone and a loudspeaker, which the system prefers, and a headset with its own. */
async function plugAll(machine: SoundSystem): Promise<void> {
  await machine.plugSpeaker('Loudspeaker');
  await machine.plugSpeaker('Earphones');
  await machine.plugMicrophone('DeskMicrophone', FIRST_PITCH);
  await machine.plugMicrophone('HeadsetMicrophone', SECOND_PITCH);
  await machine.preferByDefault({ speaker: 'Loudspeaker', microphone: 'DeskMicrophone' });
}

async function choose(phone: Phone, role: string, device: string): Promise<void> {
  const choice = phone.page.getByRole('combobox', { name: role, exact: true });
  if (!(await choice.isVisible())) await phone.button('Sound settings').click();
  await choice.selectOption({ label: device });
  await phone.page.keyboard.press('Escape');
}

describe('a call that is up', () => {
  test('goes over to another microphone without a word to the gateway', async ({
    machine,
    signedIn,
    carrier,
  }) => {
    await plugAll(machine);
    const { phone, person } = await signedIn({ machine });
    await phone.call('+1 202 555 0101');
    await carrier.hears(person.number, FIRST_PITCH);
    const before = phone.trace.sent(INVITE).length;
    await choose(phone, 'Microphone', 'HeadsetMicrophone');
    await carrier.hears(person.number, SECOND_PITCH);
    expect(phone.trace.sent(INVITE)).toHaveLength(before);
  });

  test('is heard on another speaker, and no longer on the first', async ({ machine, signedIn }) => {
    await plugAll(machine);
    const { phone } = await signedIn({ machine });
    await phone.call('+1 202 555 0101');
    await machine.plays('Loudspeaker', MILLIWATT_HERTZ);
    await choose(phone, 'Speaker', 'Earphones');
    await machine.plays('Earphones', MILLIWATT_HERTZ);
    await machine.isSilent('Loudspeaker');
    expect(phone.trace.sent(INVITE).length).toBeLessThanOrEqual(2);
  });

  test('goes on with the default microphone when the chosen one is unplugged, says so, and returns', async ({
    machine,
    signedIn,
    carrier,
  }) => {
    await plugAll(machine);
    const { phone, person } = await signedIn({ machine });
    await choose(phone, 'Microphone', 'HeadsetMicrophone');
    await phone.call('+1 202 555 0101');
    await carrier.hears(person.number, SECOND_PITCH);
    await machine.unplug('HeadsetMicrophone');
    await phone.says('HeadsetMicrophone is unplugged. Your system’s default microphone is used instead.');
    await carrier.hears(person.number, FIRST_PITCH);
    await machine.replug('HeadsetMicrophone');
    await carrier.hears(person.number, SECOND_PITCH);
    await phone.page.getByText('is unplugged').waitFor({ state: 'detached' });
  });

  test('goes on on the default speaker when the chosen one is unplugged, and returns', async ({
    machine,
    signedIn,
  }) => {
    await plugAll(machine);
    const { phone } = await signedIn({ machine });
    await choose(phone, 'Speaker', 'Earphones');
    await phone.call('+1 202 555 0101');
    await machine.plays('Earphones', MILLIWATT_HERTZ);
    await machine.unplug('Earphones');
    await phone.says('Earphones is unplugged. You hear calls on your system’s default device.');
    await machine.plays('Loudspeaker', MILLIWATT_HERTZ);
    await machine.plugSpeaker('Earphones');
    await machine.plays('Earphones', MILLIWATT_HERTZ);
    await machine.isSilent('Loudspeaker');
  });

  test('stays muted over a change of microphone', async ({ machine, signedIn, carrier }) => {
    await plugAll(machine);
    const { phone, person } = await signedIn({ machine });
    await phone.call('+1 202 555 0100');
    await machine.plays('Loudspeaker', FIRST_PITCH);
    await phone.button('Mute').click();
    await machine.isSilent('Loudspeaker');
    await choose(phone, 'Microphone', 'HeadsetMicrophone');
    await phone.hearsSilence();
    await phone.button('Unmute').click();
    await carrier.hears(person.number, SECOND_PITCH);
  });

  test('says when no microphone is left, and is heard again when there is one', async ({
    machine,
    signedIn,
    carrier,
  }) => {
    await machine.plugSpeaker('Loudspeaker');
    await machine.plugMicrophone('DeskMicrophone', FIRST_PITCH);
    const { phone, person } = await signedIn({ machine });
    await phone.call('+1 202 555 0101');
    await carrier.hears(person.number, FIRST_PITCH);
    await machine.unplug('DeskMicrophone');
    await phone.says('No microphone is plugged in. Nobody hears you.');
    await machine.plugMicrophone('HeadsetMicrophone', SECOND_PITCH);
    await carrier.hears(person.number, SECOND_PITCH);
  });
});

describe('what was chosen', () => {
  test('is remembered when the page is loaded again', async ({ machine, signedIn, carrier }) => {
    await plugAll(machine);
    const { phone, person } = await signedIn({ machine });
    await choose(phone, 'Microphone', 'HeadsetMicrophone');
    await choose(phone, 'Speaker', 'Earphones');
    await phone.page.reload();
    await phone.says('Ready');
    await phone.call('+1 202 555 0101');
    await machine.plays('Earphones', MILLIWATT_HERTZ);
    await carrier.hears(person.number, SECOND_PITCH);
  });

  test('lets calls ring beside the headset', async ({ machine, signedIn, carrier }) => {
    await plugAll(machine);
    const { phone, person } = await signedIn({ machine });
    await choose(phone, 'Speaker', 'Earphones');
    await choose(phone, 'Ring device', 'Loudspeaker');
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await machine.playsSomething('Loudspeaker');
    await machine.isSilent('Earphones');
    await phone.answer();
    await machine.plays('Earphones', MILLIWATT_HERTZ);
    await machine.isSilent('Loudspeaker');
  });
});
