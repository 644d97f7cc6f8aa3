import type { Carrier } from '../asterisk.ts';
import type { Phone } from '../phone.ts';
import type { Home } from './home.ts';
import type { Path } from './nat.ts';

const TONE = '+1 202 555 0101';
const TONE_HERTZ = 1004;
const OTHER_HOST = 30;
const LISTENING_S = 6;

/** How calls can go that a moving phone is in. */
export const CALLS: readonly (readonly [path: Path, direction: 'outgoing' | 'incoming'])[] = [
  ['open', 'outgoing'],
  ['open', 'incoming'],
  ['port-restricted', 'outgoing'],
  ['symmetric', 'outgoing'],
  ['symmetric', 'incoming'],
  // Relayed over TCP.
  ['no-udp', 'outgoing'],
];

interface Talk {
  readonly phone: Phone;
  readonly carrier: Carrier;
  /** Of the person at the phone. */
  readonly number: string;
}

/** Has the phone in a call with the carrier's tone, and hear it. */
export async function begin(
  { phone, carrier, number }: Talk,
  direction: 'outgoing' | 'incoming',
): Promise<void> {
  if (direction === 'outgoing') await phone.call(TONE);
  else {
    await carrier.call(number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
  }
  await phone.hears(TONE_HERTZ);
}

/**
 * Gives the phone's machine another address in mid-call.
 * @param hertz pitch of its microphone
 * @returns the longest gaps in the sound at the phone and at the carrier, in ms
 */
export async function move(
  home: Home,
  { phone, carrier, number }: Talk,
  hertz: number,
): Promise<{ readonly here: number; readonly there: number }> {
  const there = await carrier.listenForGaps(number, hertz, LISTENING_S);
  const here = phone.longestGap(TONE_HERTZ, LISTENING_S);
  await home.moveTo(OTHER_HOST);
  return { here: await here, there: await there() };
}
