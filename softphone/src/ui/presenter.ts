import { isAlive } from '../call/call-state.ts';
import { isQuietEnd } from '../call/end-reason.ts';
import {
  hasVoice,
  heldCall,
  isEstablished,
  isRinging,
  mayDial,
  ringingCall,
  shownCall,
} from '../call/floor.ts';
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
  /** Who is at its far end; the name of its group. */
  readonly name: string;
  /** The other calls that are up. */
  readonly rows: readonly CallRow[];
  readonly mayAdd: boolean;
  readonly maySwap: boolean;
  readonly microphoneNote: 'prompt' | 'denied' | undefined;
}

/** A call beside the one on the display. */
export interface CallRow {
  readonly call: CallSnapshot;
  readonly name: string;
  readonly state: string;
  /** Not while another one is being dialled: it would be given up. */
  readonly mayResume: boolean;
}

/** What the person is about to do, which the phone itself knows nothing of. */
export interface Intent {
  /** The number as it stands in the field. */
  readonly entry: string;
  /** What Call dials again with an empty field; empty where there is nothing. */
  readonly lastDialled: string;
  /** A number is being typed while a call is up. */
  readonly adding: boolean;
}

/** The call that the face is about, if one is up. */
export function liveCall({ calls, floor }: PhoneSnapshot): CallSnapshot | undefined {
  const shown = shownCall(calls, floor);
  return shown !== undefined && isAlive(shown) ? shown : undefined;
}

export function present(phone: PhoneSnapshot, strings: Strings, intent: Intent): PhoneModel {
  const live = liveCall(phone);
  const adding = intent.adding && live !== undefined && mayDial(phone.calls);
  const call = adding ? undefined : live;
  const incoming = call !== undefined && isRinging(call);
  const name = call === undefined ? '' : partyWords(call.remote, phone.country, strings);
  const told = toldCall(phone, live);
  return {
    call,
    name,
    rows: rows(phone, strings, call),
    actions: call === undefined ? 'dial' : incoming ? 'incoming' : 'call',
    mayAdd: call !== undefined && isEstablished(call) && mayDial(phone.calls),
    maySwap: call !== undefined && isEstablished(call) && heldCall(phone.calls, call.id) !== undefined,
    microphoneNote: microphoneNote(phone),
    display: {
      lamp: lamp(phone),
      connection: connectionWords(phone, strings),
      callState: told === undefined ? '' : stateWords(told, phone, strings),
      callTone: told?.endReason === undefined || isQuietEnd(told.endReason) ? 'quiet' : 'alert',
      entry: call === undefined ? intent.entry : undefined,
      hint: hint(phone, strings, intent, adding),
      ringing: incoming,
      keysSent: call?.tones ?? '',
      ...(call === undefined ? {} : onCall(call, phone, strings)),
    },
  };
}

/** The call that there is something to say of: one that waits, one that has just ended, else the one shown. */
function toldCall({ calls }: PhoneSnapshot, live: CallSnapshot | undefined): CallSnapshot | undefined {
  return ringingCall(calls) ?? calls.find((call) => !isAlive(call)) ?? live;
}

/** With several calls, their state alone would not say which one it is of. */
function stateWords(call: CallSnapshot, { calls, country }: PhoneSnapshot, strings: Strings): string {
  const words = callWords(call, country, strings);
  if (calls.length < 2 || isRinging(call) || call.status === 'trying') return words;
  return strings.stateOf(partyWords(call.remote, country, strings), words);
}

function rows(phone: PhoneSnapshot, strings: Strings, shown: CallSnapshot | undefined): readonly CallRow[] {
  const { calls, country } = phone;
  const dialling = calls.some((call) => hasVoice(call) && !isEstablished(call));
  return calls
    .filter((call) => isAlive(call) && call.id !== shown?.id)
    .map((call) => ({
      call,
      name: partyWords(call.remote, country, strings),
      state: isRinging(call) ? strings.waits : callWords(call, country, strings),
      mayResume: !dialling,
    }));
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
  { entry, lastDialled }: Intent,
  adding: boolean,
): string {
  if (adding) return strings.addCallHint;
  if (entry === '' && lastDialled !== '') return strings.redial(formatNumber(lastDialled, country));
  if (user === undefined) return strings.tagline;
  const extension = strings.extension(user.extension);
  return user.number === null ? extension : `${formatInternational(user.number, country)} · ${extension}`;
}

function microphoneNote({ session, microphone }: PhoneSnapshot): PhoneModel['microphoneNote'] {
  if (session !== 'signed-in') return undefined;
  return microphone === 'prompt' || microphone === 'denied' ? microphone : undefined;
}
