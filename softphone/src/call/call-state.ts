import type { EndReason } from './end-reason.ts';

/**
 * The life of one call.
 *
 * ```
 *            ringing       early-media
 *   trying ───────► ringing ───────► early
 *      │  └───────────┼──────────────►│        answered from any of the three
 *      │              │               │
 *      └──────────────┴───────┬───────┘
 *                             ▼
 *                        established
 *                             │
 *      any of the above ──────┤ ending (somebody here asked for the end)
 *                             ▼
 *                        terminating ── ended ──► terminated
 *      any of the above ───────────── ended ──► terminated
 * ```
 * An outgoing call starts as `trying`, an incoming one as `ringing`; one that an earlier page left behind as
 * `established`, and `resuming` until its sound is here.
 */
export type CallStatus = 'trying' | 'ringing' | 'early' | 'established' | 'terminating' | 'terminated';
export type CallDirection = 'incoming' | 'outgoing';

export interface CallState {
  readonly direction: CallDirection;
  readonly status: CallStatus;
  /** The person here has answered; the far end has not confirmed yet. */
  readonly answering: boolean;
  readonly muted: boolean;
  readonly held: boolean;
  /** The page is new, and takes the call over from the one before. */
  readonly resuming?: boolean;
  /** Its far end is in a conference with those of the other calls of which this is so. */
  readonly merged?: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
  /** Set as soon as the end is wanted or known; always set when `terminated`. */
  readonly endReason?: EndReason;
  /** The keypad tones sent so far. */
  readonly tones: string;
}

export type CallEvent =
  | { readonly type: 'ringing' }
  | { readonly type: 'early-media' }
  | { readonly type: 'answering' }
  | { readonly type: 'answered'; readonly at: number }
  | { readonly type: 'muted'; readonly muted: boolean }
  | { readonly type: 'held'; readonly held: boolean }
  | { readonly type: 'tone'; readonly tone: string }
  | { readonly type: 'resumed' }
  | { readonly type: 'merged' }
  | { readonly type: 'ending'; readonly reason: EndReason }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly at: number };

/** An event that the call's present state does not allow: a fault of the caller, never of the network. */
export class IllegalCallMoveError extends Error {
  override readonly name = 'IllegalCallMoveError';
  readonly status: CallStatus;
  readonly event: CallEvent['type'];
  constructor(status: CallStatus, event: CallEvent['type']) {
    super(`A call that is ${status} knows no "${event}"`);
    this.status = status;
    this.event = event;
  }
}

export function newCall(direction: CallDirection, startedAt: number): CallState {
  const status = direction === 'outgoing' ? 'trying' : 'ringing';
  return { direction, status, answering: false, muted: false, held: false, startedAt, tones: '' };
}

const BEFORE_ANSWER: readonly CallStatus[] = ['trying', 'ringing', 'early'];
const ALIVE: readonly CallStatus[] = [...BEFORE_ANSWER, 'established'];

const ALLOWED: Readonly<Record<CallEvent['type'], readonly CallStatus[]>> = {
  ringing: BEFORE_ANSWER,
  'early-media': BEFORE_ANSWER,
  answering: ['ringing'],
  answered: BEFORE_ANSWER,
  muted: ALIVE,
  held: ['established'],
  tone: ALIVE,
  resumed: ['established'],
  merged: ['established'],
  ending: ALIVE,
  ended: [...ALIVE, 'terminating'],
};

/**
 * The one way a call changes.
 * @throws IllegalCallMoveError when the event does not fit the state
 */
export function nextCall(state: CallState, event: CallEvent): CallState {
  if (!ALLOWED[event.type].includes(state.status)) throw new IllegalCallMoveError(state.status, event.type);
  switch (event.type) {
    case 'ringing':
      // A 180 after a 183 with sound must not bring back the local ringing tone.
      return state.status === 'early' ? state : { ...state, status: 'ringing' };
    case 'early-media':
      return { ...state, status: 'early' };
    case 'answering':
      return { ...state, answering: true };
    case 'answered':
      return { ...state, status: 'established', answering: false, answeredAt: event.at };
    case 'muted':
      return { ...state, muted: event.muted };
    case 'held':
      return { ...state, held: event.held };
    case 'tone':
      return { ...state, tones: state.tones + event.tone };
    case 'resumed':
      return { ...state, resuming: false };
    case 'merged':
      return { ...state, merged: true };
    case 'ending':
      return { ...state, status: 'terminating', endReason: event.reason };
    case 'ended':
      // What the person here asked for is the reason, whatever answer the network gave to it.
      return {
        ...state,
        status: 'terminated',
        endedAt: event.at,
        endReason: state.endReason ?? event.reason,
      };
  }
}

/** Whether the call still takes up the line. */
export function isAlive(state: CallState): boolean {
  return ALIVE.includes(state.status);
}
