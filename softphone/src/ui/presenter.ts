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
  readonly actions: 'dial' | 'incoming' | 'call' | 'transfer';
  /** The call that the actions are about. */
  readonly call: CallSnapshot | undefined;
  /** Who is at its far end; the name of its group. */
  readonly name: string;
  /** The other calls that are up. */
  readonly rows: readonly CallRow[];
  readonly mayAdd: boolean;
  readonly mayTransfer: boolean;
  readonly maySwap: boolean;
  /** The other call, where there are two that can be swapped or joined. */
  readonly held: CallSnapshot | undefined;
  /** What a number is typed for. */
  readonly typing: Typing;
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
  readonly typing: Typing;
}

/** What a number is typed for while a call is up: a call beside it, or to hand it on. `no`: nothing is typed. */
export type Typing = 'no' | 'add' | 'transfer';

/** The call that the face is about, if one is up. */
export function liveCall({ calls, floor }: PhoneSnapshot): CallSnapshot | undefined {
  const shown = shownCall(calls, floor);
  return shown !== undefined && isAlive(shown) ? shown : undefined;
}

export function present(phone: PhoneSnapshot, strings: Strings, intent: Intent): PhoneModel {
  const live = liveCall(phone);
  const typing = live !== undefined && mayDial(phone.calls) ? intent.typing : 'no';
  const call = typing === 'no' ? live : undefined;
  const told = toldCall(phone, live);
  return {
    call,
    name: call === undefined ? '' : partyWords(call.remote, phone.country, strings),
    rows: rows(phone, strings, call),
    actions: actionsFor(phone, call),
    typing,
    ...offers(phone, call),
    microphoneNote: microphoneNote(phone),
    display: {
      lamp: lamp(phone),
      connection: connectionWords(phone, strings),
      callState:
        transferWords(phone, strings) ?? (told === undefined ? '' : stateWords(told, phone, strings)),
      callTone: isAlert(phone, told) ? 'alert' : 'quiet',
      entry: call === undefined ? intent.entry : undefined,
      hint: hint(phone, strings, intent, typing),
      ringing: call !== undefined && isRinging(call),
      keysSent: call?.tones ?? '',
      ...(call === undefined ? {} : onCall(call, phone, strings)),
    },
  };
}

/** What can be done with the call that is shown and another one. */
function offers({ calls }: PhoneSnapshot, call: CallSnapshot | undefined) {
  const held = call && heldCall(calls, call.id);
  const established = call !== undefined && isEstablished(call);
  return {
    held,
    mayAdd: established && mayDial(calls),
    mayTransfer: established && (held !== undefined || mayDial(calls)),
    maySwap: established && held !== undefined,
  };
}

function actionsFor({ transfer }: PhoneSnapshot, call: CallSnapshot | undefined): PhoneModel['actions'] {
  if (call === undefined) return 'dial';
  if (isRinging(call)) return 'incoming';
  return transfer === undefined || transfer.stage === 'failed' ? 'call' : 'transfer';
}

function isAlert(phone: PhoneSnapshot, told: CallSnapshot | undefined): boolean {
  return isFailing(phone) || (told?.endReason !== undefined && !isQuietEnd(told.endReason));
}

/** A transfer came to nothing, and the person has the call back. */
function isFailing({ transfer, calls }: PhoneSnapshot): boolean {
  return transfer?.stage === 'failed' && calls.some((call) => call.id === transfer.call && isAlive(call));
}

/** What there is to say of a transfer that goes on by itself, or that has failed. */
function transferWords(phone: PhoneSnapshot, strings: Strings): string | undefined {
  const { transfer, calls, country } = phone;
  if (transfer === undefined || transfer.stage === 'asking' || ringingCall(calls)) return undefined;
  if (transfer.stage === 'failed')
    return isFailing(phone)
      ? strings.transferFailed(strings.reasons[transfer.reason ?? 'failed'])
      : undefined;
  const target = calls.find(({ id }) => id === transfer.target);
  return target && strings.transferring(partyWords(target.remote, country, strings));
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
  typing: Typing,
): string {
  if (typing === 'transfer') return strings.transferHint;
  if (typing === 'add') return strings.addCallHint;
  if (entry === '' && lastDialled !== '') return strings.redial(formatNumber(lastDialled, country));
  if (user === undefined) return strings.tagline;
  const extension = strings.extension(user.extension);
  return user.number === null ? extension : `${formatInternational(user.number, country)} · ${extension}`;
}

function microphoneNote({ session, microphone }: PhoneSnapshot): PhoneModel['microphoneNote'] {
  if (session !== 'signed-in') return undefined;
  return microphone === 'prompt' || microphone === 'denied' ? microphone : undefined;
}
