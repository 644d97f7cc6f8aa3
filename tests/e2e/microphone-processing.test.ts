import { expect } from 'vitest';
import { FIRST_PITCH, test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';

const MILLIWATT_HERTZ = 1004;
/** The switches, and what each sets on the microphone's track (Media Capture and Streams, `MediaTrackSettings`). */
const SWITCHES = {
  'Echo cancellation': 'echoCancellation',
  'Noise suppression': 'noiseSuppression',
  'Automatic gain': 'autoGainControl',
} as const;
const ALL_ON = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Loads the page anew, with an eye on its peer connections. */
async function watchPeers({ page }: Phone): Promise<void> {
  await page.addInitScript(`
    globalThis.peers = [];
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        peers.push(this);
      }
    };`);
  await page.reload();
}

/** What the browser does to the sound that it sends in the call that is up. */
function processing({ page }: Phone): Promise<unknown> {
  return page.evaluate(`(() => {
    const [peer] = peers.filter(({ connectionState }) => connectionState === 'connected');
    const [track] = peer.getSenders().flatMap(({ track }) => track ?? []);
    const { echoCancellation, noiseSuppression, autoGainControl } = track.getSettings();
    return { echoCancellation, noiseSuppression, autoGainControl };
  })()`);
}

test('each switch changes the microphone of a call that is up, and of the next one', async ({
  signedIn,
  carrier,
}) => {
  const { phone, person } = await signedIn();
  await watchPeers(phone);
  await phone.says('Ready');
  await phone.call('+1 202 555 0101');
  await phone.hears(MILLIWATT_HERTZ);
  const invites = phone.trace.sent(/^INVITE /).length;
  expect(await processing(phone)).toEqual(ALL_ON);
  await phone.button('Sound settings').click();
  const expected: Record<string, boolean> = { ...ALL_ON };
  for (const [name, setting] of Object.entries(SWITCHES)) {
    await phone.page.getByRole('switch', { name, exact: true }).uncheck();
    expected[setting] = false;
    await expect.poll(() => processing(phone)).toEqual(expected);
  }
  await carrier.hears(person.number, FIRST_PITCH);
  expect(phone.trace.sent(/^INVITE /)).toHaveLength(invites);

  await phone.page.getByRole('switch', { name: 'Noise suppression', exact: true }).check();
  await expect.poll(() => processing(phone)).toEqual({ ...expected, noiseSuppression: true });
  await phone.page.keyboard.press('Escape');
  await phone.hangUp();
  await carrier.isFreeOf(person.number);

  await phone.page.reload();
  await phone.says('Ready');
  await phone.call('+1 202 555 0101');
  await phone.hears(MILLIWATT_HERTZ);
  expect(await processing(phone)).toEqual({ ...expected, noiseSuppression: true });
});
