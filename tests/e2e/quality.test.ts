import { describe, expect } from 'vitest';
import { z } from 'zod';
import { FIRST_PITCH, MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import type { LabUnderTest } from '../support/lab.global.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

/** Three bad seconds, and what a busy machine adds. */
const WARNED_WITHIN_MS = 20_000;

const records = z.object({
  callRecords: z.array(
    z.object({
      quality: z.object({
        phone: z
          .object({
            codec: z.string(),
            packetsReceived: z.number(),
            lossPercent: z.number(),
            mos: z.number(),
            roundTripMs: z.number(),
          })
          .nullable(),
      }),
    }),
  ),
});

/** What the record of a person's only call has from their phone, once it has it. */
function phoneQuality(lab: LabUnderTest, userId: string) {
  return until('the quality as the phone reported it', async () => {
    const response = await fetch(`${lab.url}/v1/call-records?userId=${userId}`, {
      headers: { authorization: `Bearer ${lab.apiKey}` },
    });
    const { callRecords } = records.parse(await response.json());
    return callRecords[0]?.quality.phone ?? undefined;
  });
}

const stopsSaying = (phone: Phone, words: string) =>
  phone.page.getByText(words).waitFor({ state: 'detached', timeout: WARNED_WITHIN_MS });

describe('the phone warns', () => {
  test('that the microphone is silent, until another one is chosen', async ({ machine, signedIn }) => {
    await machine.plugSpeaker('Loudspeaker');
    await machine.plugMicrophone('DeadMicrophone', 0);
    await machine.plugMicrophone('DeskMicrophone', FIRST_PITCH);
    await machine.preferByDefault({ speaker: 'Loudspeaker', microphone: 'DeadMicrophone' });
    const { phone } = await signedIn({ machine });
    await phone.call('+1 202 555 0101');
    await phone.says('Your microphone is silent. Nobody hears you.', WARNED_WITHIN_MS);
    await phone.button('Sound settings').click();
    const choice = phone.page.getByRole('combobox', { name: 'Microphone', exact: true });
    await choice.selectOption({ label: 'DeskMicrophone' });
    await stopsSaying(phone, 'Your microphone is silent');
  });

  test('that nothing arrives, until something does', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0100');
    await phone.hears(FIRST_PITCH);
    // What sends nothing has no echo.
    await phone.page.evaluate(`
      globalThis.sender = document.querySelector('soft-phone').phone.calls[0].media.peerConnection.getSenders()[0];
      globalThis.track = sender.track;
      sender.replaceTrack(null);
    `);
    await phone.says('No sound arrives from the other side.', WARNED_WITHIN_MS);
    await phone.page.evaluate('sender.replaceTrack(track)');
    await phone.hears(FIRST_PITCH);
    await stopsSaying(phone, 'No sound arrives');
  });

  test('that the far end sends silence, until it does not', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0105');
    await phone.says('The other side sends silence.', WARNED_WITHIN_MS);
    await carrier.playsTone(person.number);
    await phone.hears(MILLIWATT_HERTZ);
    await stopsSaying(phone, 'The other side sends silence');
  });
});

describe('a call', () => {
  test('shows how it sounds, and warns of nothing while all is well', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.page.getByRole('img', { name: /^Sound quality: good, 4\.\d of 5$/ }).waitFor();
    await phone.hears(MILLIWATT_HERTZ);
    const notes = phone.page.locator('handset-sound-notes').getByRole('status');
    expect((await notes.innerText()).trim()).toBe('');
  });

  test('has in its record how the phone heard it', async ({ signedIn, lab }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.page.getByRole('img', { name: /^Sound quality: good/ }).waitFor();
    await phone.hangUp();
    const quality = await phoneQuality(lab, person.id);
    expect(quality.codec).toBe('G722');
    expect(quality.packetsReceived).toBeGreaterThan(50);
    expect(quality.mos).toBeGreaterThan(4);
    expect(quality.roundTripMs).toBeLessThan(1_000);
  });

  test('that ends while the server can’t be reached is reported when it can', async ({
    signedIn,
    relay,
    lab,
  }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    await phone.call('+1 202 555 0101');
    await phone.page.getByRole('img', { name: /^Sound quality: good/ }).waitFor();
    relay.cut();
    await phone.says('No connection. Reconnecting…');
    await phone.hangUp();
    await phone.says('Call ended: you hung up');
    relay.restore();
    expect((await phoneQuality(lab, person.id)).packetsReceived).toBeGreaterThan(50);
  });
});
