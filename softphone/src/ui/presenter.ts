import { isAlive } from '../call/call-state.ts';
import { isQuietEnd } from '../call/end-reason.ts';
import {
  conference,
  hasVoice,
  heldCall,
  isEstablished,
  isRinging,
  mayDial,
  mergeable,
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
  readonly actions: 'dial' | 'incoming' | 'call' | 'conference' | 'transfer';
  /** The call that the actions are about. */
  readonly call: CallSnapshot | undefined;
  /** Who is at its far end; the name of its group. */
  readonly name: string;
  /** The other calls that are up, and each member of the conference that is shown. */
  readonly rows: readonly CallRow[];
  readonly mayMerge: boolean;
  readonly mayAdd: boolean;
  readonly mayTransfer: boolean;
  readonly maySwap: boolean;
  /** The other call, where there are two that can be swapped or joined. */
  readonly held: CallSnapshot | undefined;
  /** What a number is typed for. */
  readonly typing: Typing;
  readonly microphoneNote: 'prompt' | 'denied' | undefined;
}

/** A call beside the one on the display, or a member of a conference. */
export interface CallRow {
  readonly call: CallSnapshot;
  readonly name: string;
  readonly state: string;
  /** Hanging it up drops a member of a conference. */
  readonly isMember: boolean;
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
    name: call === undefined ? '' : nameOf(call, phone, strings),
    rows: rows(phone, strings, call),
    actions: actionsFor(phone, call),
    typing,
    ...offers(phone, call),
    microphoneNote: microphoneNote(phone),
    display: {
      lamp: lamp(phone),
      connection: connectionWords(phone, strings),
      callState:
        mergeWords(phone, strings) ??
        transferWords(phone, strings) ??
        (told === undefined ? '' : stateWords(told, phone, strings)),
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
function offers({ calls, merge }: PhoneSnapshot, call: CallSnapshot | undefined) {
  const held = call && heldCall(calls, call.id);
  const established = call !== undefined && isEstablished(call);
  const merged = call?.merged || held?.merged;
  return {
    held,
    mayMerge: merge?.stage !== 'merging' && mergeable(calls, call?.id).length > 0,
    mayAdd: established && mayDial(calls),
    // The gateway joins two calls, not rooms.
    mayTransfer: established && !merged && (held !== undefined || mayDial(calls)),
    maySwap: established && held !== undefined,
  };
}

/** The conference, where the call is one of it. */
function conferenceWith(call: CallSnapshot | undefined, calls: readonly CallSnapshot[]) {
  return call?.merged ? conference(calls) : [];
}

/** What is shown of a call: who is at its far end, or the conference that it is in. */
function nameOf(call: CallSnapshot, { calls, country }: PhoneSnapshot, strings: Strings): string {
  return conferenceWith(call, calls).length > 0
    ? strings.conference
    : partyWords(call.remote, country, strings);
}

function actionsFor(
  { calls, transfer }: PhoneSnapshot,
  call: CallSnapshot | undefined,
): PhoneModel['actions'] {
  if (call === undefined) return 'dial';
  if (isRinging(call)) return 'incoming';
  if (conferenceWith(call, calls).length > 0) return 'conference';
  return transfer === undefined || transfer.stage === 'failed' ? 'call' : 'transfer';
}

function isAlert(phone: PhoneSnapshot, told: CallSnapshot | undefined): boolean {
  if (phone.merge?.stage === 'failed') return true;
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

/** What there is to say of calls that are being merged. */
function mergeWords({ merge, calls }: PhoneSnapshot, strings: Strings): string | undefined {
  if (merge === undefined || ringingCall(calls)) return undefined;
  return merge.stage === 'merging'
    ? strings.merging
    : strings.mergeFailed(strings.mergeFaults[merge.reason ?? 'failed']);
}

/** The call that there is something to say of: one that waits, one that has just ended, else the one shown. */
function toldCall({ calls }: PhoneSnapshot, live: CallSnapshot | undefined): CallSnapshot | undefined {
  return ringingCall(calls) ?? calls.find((call) => !isAlive(call)) ?? live;
}

/** With several calls, their state alone would not say which one it is of. */
function stateWords(call: CallSnapshot, phone: PhoneSnapshot, strings: Strings): string {
  const words = callWords(call, phone.country, strings);
  if (phone.calls.length < 2 || isRinging(call) || call.status === 'trying') return words;
  return strings.stateOf(nameOf(call, phone, strings), words);
}

function rows(phone: PhoneSnapshot, strings: Strings, shown: CallSnapshot | undefined): readonly CallRow[] {
  const { calls, country } = phone;
  const dialling = calls.some((call) => hasVoice(call) && !isEstablished(call));
  const members = conference(calls);
  const together = conferenceWith(shown, calls);
  const state = (call: CallSnapshot) => {
    if (isRinging(call)) return strings.waits;
    return members.includes(call) && !call.resuming
      ? strings.inConference
      : callWords(call, country, strings);
  };
  return calls
    .filter((call) => isAlive(call) && (call.id !== shown?.id || together.includes(call)))
    .map((call) => ({
      call,
      name: partyWords(call.remote, country, strings),
      state: state(call),
      isMember: members.includes(call),
      // A conference that is not spoken in is gone back to by any one of its calls.
      mayResume: !dialling && together.length === 0 && (!members.includes(call) || call === members[0]),
    }));
}

function lamp({ session, connection }: PhoneSnapshot): DisplayModel['lamp'] {
  if (session === 'signed-out' || session === 'signing-in') return 'off';
  return session === 'signed-in' && connection.status === 'ready' ? 'on' : 'wait';
}

function onCall(call: CallSnapshot, phone: PhoneSnapshot, strings: Strings) {
  const { number, name } = call.remote;
  const members = conferenceWith(call, phone.calls);
  const shown = name === undefined || number === '' ? '' : formatNumber(number, phone.country);
  const names = members.map(({ remote }) => partyWords(remote, phone.country, strings));
  return {
    party: {
      name: nameOf(call, phone, strings),
      detail: members.length > 0 ? names.join(' · ') : shown,
    },
    ...(call.answeredAt === undefined ? {} : { timer: { since: call.answeredAt, until: call.endedAt } }),
  };
}

function hint(
  { user, country, calls }: PhoneSnapshot,
  strings: Strings,
  { entry, lastDialled }: Intent,
  typing: Typing,
): string {
  if (typing === 'transfer') return strings.transferHint;
  if (typing === 'add')
    return conference(calls).length > 0 ? strings.addToConferenceHint : strings.addCallHint;
  if (entry === '' && lastDialled !== '') return strings.redial(formatNumber(lastDialled, country));
  if (user === undefined) return strings.tagline;
  const extension = strings.extension(user.extension);
  return user.number === null ? extension : `${formatInternational(user.number, country)} · ${extension}`;
}

function microphoneNote({ session, microphone }: PhoneSnapshot): PhoneModel['microphoneNote'] {
  if (session !== 'signed-in') return undefined;
  return microphone === 'prompt' || microphone === 'denied' ? microphone : undefined;
}
