import { type CallState, isAlive } from './call-state.ts';

/** Calls up, ringing ones among them, with which a further one is the third. */
const CALLS_BEFORE_THIRD = 2;
/** What one person can keep in mind. */
const MOST_CALLS = 3;

/** What becomes of an incoming call while two are up: it finds the line busy, or it waits. */
export type ThirdCall = 'busy' | 'waits';

/** Two calls are what can be swapped and merged; a third one can only come in. */
export function mayDial(calls: readonly CallState[]): boolean {
  return calls.filter(isAlive).length < CALLS_BEFORE_THIRD;
}

/** Whether a call that comes in now may ring. */
export function mayRing(calls: readonly CallState[], thirdCall: ThirdCall): boolean {
  const alive = calls.filter(isAlive).length;
  return alive < CALLS_BEFORE_THIRD || (thirdCall === 'waits' && alive < MOST_CALLS);
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

/** The call that `swap` brings back: of those on hold the one that began last. */
export function heldCall<Call extends CallState & Named>(
  calls: readonly Call[],
  floor: string | undefined,
): Call | undefined {
  return calls.filter((call) => call.id !== floor && isEstablished(call) && call.held).at(-1);
}
