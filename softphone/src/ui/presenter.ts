import { isAlive } from '../call/call-state.ts';
import { isQuietEnd } from '../call/end-reason.ts';
import { formatInternational, formatNumber } from '../call/number-format.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import { callWords, connectionWords, partyWords } from '../i18n/words.ts';
import type { DisplayModel } from './display.ts';

/** What the phone's face shows and offers, drawn from the snapshot. Pure: the views only lay it out. */
export interface PhoneModel {
  readonly display: DisplayModel;
  readonly actions: 'dial' | 'incoming' | 'call';
  /** The call that the actions are about. */
  readonly call: CallSnapshot | undefined;
  readonly microphoneNote: 'prompt' | 'denied' | undefined;
}

/** The call that takes up the line, if any. */
export function liveCall({ calls }: PhoneSnapshot): CallSnapshot | undefined {
  return calls.find(isAlive);
}

/**
 * @param entry the number as it stands in the field
 * @param lastDialled what Call dials again with an empty field; empty where there is nothing
 */
export function present(
  phone: PhoneSnapshot,
  strings: Strings,
  entry: string,
  lastDialled: string,
): PhoneModel {
  const call = liveCall(phone);
  const last = phone.calls.at(-1);
  const incoming = call?.direction === 'incoming' && call.status === 'ringing' && !call.answering;
  return {
    call,
    actions: call === undefined ? 'dial' : incoming ? 'incoming' : 'call',
    microphoneNote: microphoneNote(phone),
    display: {
      lamp: lamp(phone),
      connection: connectionWords(phone, strings),
      callState: last === undefined ? '' : callWords(last, phone.country, strings),
      callTone: last?.endReason === undefined || isQuietEnd(last.endReason) ? 'quiet' : 'alert',
      entry: call === undefined ? entry : undefined,
      hint: hint(phone, strings, entry, lastDialled),
      ringing: incoming,
      keysSent: call?.tones ?? '',
      ...(call === undefined ? {} : onCall(call, phone, strings)),
    },
  };
}

function lamp({ session, connection }: PhoneSnapshot): DisplayModel['lamp'] {
  if (session === 'signed-out' || session === 'signing-in') return 'off';
  return session === 'signed-in' && connection.status === 'ready' ? 'on' : 'wait';
}

function onCall(call: CallSnapshot, phone: PhoneSnapshot, strings: Strings) {
  const { number, name } = call.remote;
  const shown = formatNumber(number, phone.country);
  return {
    party: {
      name: partyWords(call.remote, phone.country, strings),
      detail: name === undefined || number === '' ? '' : shown,
    },
    ...(call.answeredAt === undefined ? {} : { timer: { since: call.answeredAt, until: call.endedAt } }),
  };
}

function hint(
  { user, country }: PhoneSnapshot,
  strings: Strings,
  entry: string,
  lastDialled: string,
): string {
  if (entry === '' && lastDialled !== '') return strings.redial(formatNumber(lastDialled, country));
  if (user === undefined) return strings.tagline;
  const extension = strings.extension(user.extension);
  return user.number === null ? extension : `${formatInternational(user.number, country)} · ${extension}`;
}

function microphoneNote({ session, microphone }: PhoneSnapshot): PhoneModel['microphoneNote'] {
  if (session !== 'signed-in') return undefined;
  return microphone === 'prompt' || microphone === 'denied' ? microphone : undefined;
}
