import { type CallState, isAlive } from './call-state.ts';

/** Calls up, ringing ones among them, with which a further one is the third. */
const CALLS_BEFORE_THIRD = 2;
/** What one person can keep in mind. */
const MOST_CALLS = 3;
/** Far ends in one conference: as many as one can tell apart. */
const MOST_FAR_ENDS = 3;

/** What becomes of an incoming call while two are up: it finds the line busy, or it waits. */
export type ThirdCall = 'busy' | 'waits';

/** Two calls are what can be swapped and merged; a third one can only come in. */
export function mayDial(calls: readonly CallState[]): boolean {
  return conversations(calls) < CALLS_BEFORE_THIRD && calls.filter(isAlive).length < MOST_FAR_ENDS;
}

/** Whether a call that comes in now may ring. */
export function mayRing(calls: readonly CallState[], thirdCall: ThirdCall): boolean {
  const alive = conversations(calls);
  return alive < CALLS_BEFORE_THIRD || (thirdCall === 'waits' && alive < MOST_CALLS);
}

/** Calls that are up; those of a conference are one. */
function conversations(calls: readonly CallState[]): number {
  const alive = calls.filter(isAlive);
  const merged = alive.filter((call) => call.merged).length;
  return alive.length - Math.max(0, merged - 1);
}

/** The calls whose far ends are in one conference; none where fewer than two are left of it. */
export function conference<Call extends CallState>(calls: readonly Call[]): readonly Call[] {
  const members = calls.filter((call) => call.merged && isAlive(call));
  return members.length > 1 ? members : [];
}

/** Whether a call is in a conference with others. */
export function isMember(calls: readonly CallState[], call: CallState | undefined): boolean {
  return call !== undefined && conference(calls).includes(call);
}

/** It rings here, and nobody has answered yet. */
export function isRinging({ direction, status, answering }: CallState): boolean {
  return direction === 'incoming' && status === 'ringing' && !answering;
}

/** The person here speaks in it, or is about to: it is being dialled, being answered, or up and not on hold. */
export function hasVoice(call: CallState): boolean {
  return isAlive(call) && !call.held && !isRinging(call);
}

/** It can be put on hold, and taken back. */
export function isEstablished({ status }: CallState): boolean {
  return status === 'established';
}

/**
 * What has to happen to a call when another one takes the floor: an answered one is held, and one that is still being
 * dialled is given up, for it could not be held.
 */
export function yields(call: CallState): 'hold' | 'hang-up' | 'nothing' {
  if (!hasVoice(call) || call.answering) return 'nothing';
  return isEstablished(call) ? 'hold' : 'hang-up';
}

interface Named {
  readonly id: string;
}

/**
 * The call that the phone's face is about: the one that the person speaks in, else one that rings, else one that is
 * on hold, else what is left to tell of the last one that ended.
 */
export function shownCall<Call extends CallState & Named>(
  calls: readonly Call[],
  floor: string | undefined,
): Call | undefined {
  const alive = calls.filter(isAlive);
  const first = alive.find(({ id }) => id === floor);
  if (first !== undefined && hasVoice(first)) return first;
  return alive.find(isRinging) ?? first ?? alive.at(-1) ?? calls.at(-1);
}

/** The call that waits to be answered, if any: the one that came first. */
export function ringingCall<Call extends CallState>(calls: readonly Call[]): Call | undefined {
  return calls.find(isRinging);
}

/** The call that `swap` brings back: of those on hold the one that began last. None of the conference that is spoken in. */
export function heldCall<Call extends CallState & Named>(
  calls: readonly Call[],
  floor: string | undefined,
): Call | undefined {
  const merged = calls.find(({ id }) => id === floor)?.merged === true;
  return calls
    .filter((call) => call.id !== floor && isEstablished(call) && call.held && !(merged && call.merged))
    .at(-1);
}

/** The calls that `merge` brings together: the one that is spoken in and the one on hold, each with its conference. */
export function mergeable<Call extends CallState & Named>(
  calls: readonly Call[],
  floor: string | undefined,
): readonly Call[] {
  const speaking = calls.find(({ id }) => id === floor);
  const held = heldCall(calls, floor);
  if (speaking === undefined || held === undefined) return [];
  if (!isEstablished(speaking) || speaking.held || speaking.resuming || held.resuming) return [];
  const withConference = (call: Call) =>
    call.merged ? calls.filter((each) => each.merged && isEstablished(each)) : [call];
  const all = [...withConference(held), ...withConference(speaking)];
  return all.length > MOST_FAR_ENDS ? [] : all;
}
