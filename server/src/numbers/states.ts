import type { ProblemName } from '../http/problem.ts';

export const numberStates = ['available', 'reserved', 'assigned', 'quarantined', 'porting'] as const;
export type NumberState = (typeof numberStates)[number];

/** How a number stands. */
export interface Standing {
  readonly state: NumberState;
  /** Whose it is while it is assigned. */
  readonly userId: string | null;
  /** For what it is reserved: only who knows that can have it assigned. */
  readonly reservedFor: string | null;
  /** When reservation or quarantine are over, in ms since the epoch. */
  readonly until: number | null;
}

export type NumberEvent =
  | { readonly type: 'reserve'; readonly reservedFor: string; readonly until: number }
  | { readonly type: 'cancel-reservation' }
  | { readonly type: 'assign'; readonly userId: string; readonly reservedFor?: string | undefined }
  /** `until`: how long nobody else gets it; null for not at all. */
  | { readonly type: 'release'; readonly until: number | null }
  | { readonly type: 'end-quarantine' }
  | { readonly type: 'begin-porting' }
  | { readonly type: 'end-porting' };

/** What can't be done as a number stands. */
export interface Refused {
  readonly refused: Extract<ProblemName, `number-${string}`>;
}

export const AVAILABLE: Standing = { state: 'available', userId: null, reservedFor: null, until: null };

/** How a number stands at `now`: reservation and quarantine end by themselves. */
export function standingAt(standing: Standing, now: number): Standing {
  return standing.until !== null && standing.until <= now ? AVAILABLE : standing;
}

/**
 * The life of a number. Pure; the standing is to be that of now ({@link standingAt}).
 *
 * ```
 *              reserve (again: renews)          assign, by who reserved it
 * available ───────────────────────► reserved ───────────────────────────► assigned
 *  │ ▲ ▲ ▲ ◄──cancel, time over─────────┘                                   ▲   │ release
 *  │ │ │ └──────────────── assign ─────────────────────────────────────────┘   ▼
 *  │ │ └──end, time over── quarantined ◄─────────────────────────────────────────
 *  │ └──end-porting── porting ◄──begin-porting── quarantined
 *  └──begin-porting──────┘
 * ```
 * @returns the standing after it, the very same where the event changes nothing; or why it can't be
 */
export function transition(standing: Standing, event: NumberEvent): Standing | Refused {
  switch (event.type) {
    case 'reserve':
      return reserve(standing, event);
    case 'cancel-reservation':
      return standing.state === 'reserved' ? AVAILABLE : unchanged(standing, 'available');
    case 'assign':
      return assign(standing, event);
    case 'release':
      return release(standing, event.until);
    case 'end-quarantine':
      return standing.state === 'quarantined' ? AVAILABLE : unchanged(standing, 'available');
    case 'begin-porting':
      return standing.state === 'available' || standing.state === 'quarantined'
        ? { ...AVAILABLE, state: 'porting' }
        : unchanged(standing, 'porting');
    case 'end-porting':
      return standing.state === 'porting' ? AVAILABLE : unchanged(standing, 'available');
  }
}

function reserve(
  standing: Standing,
  { reservedFor, until }: Extract<NumberEvent, { type: 'reserve' }>,
): Standing | Refused {
  const renews = standing.state === 'reserved' && standing.reservedFor === reservedFor;
  if (standing.state !== 'available' && !renews) return refused(standing);
  return { state: 'reserved', userId: null, reservedFor, until };
}

function assign(
  standing: Standing,
  { userId, reservedFor }: Extract<NumberEvent, { type: 'assign' }>,
): Standing | Refused {
  if (standing.state === 'assigned' && standing.userId === userId) return standing;
  const takesReserved = standing.state === 'reserved' && standing.reservedFor === reservedFor;
  if (standing.state !== 'available' && !takesReserved) return refused(standing);
  return { state: 'assigned', userId, reservedFor: null, until: null };
}

function release(standing: Standing, until: number | null): Standing | Refused {
  // Released again, or never assigned: nobody has it, and that is what was asked for.
  if (standing.state !== 'assigned') return standing;
  return until === null ? AVAILABLE : { ...AVAILABLE, state: 'quarantined', until };
}

function unchanged(standing: Standing, wanted: NumberState): Standing | Refused {
  return standing.state === wanted ? standing : refused(standing);
}

const refusals = {
  reserved: 'number-reserved',
  assigned: 'number-assigned',
  quarantined: 'number-quarantined',
  porting: 'number-porting',
} as const satisfies Partial<Record<NumberState, ProblemName>>;

/** What is available can be anything: nothing is refused then. */
function refused({ state }: Standing): Standing | Refused {
  return state === 'available' ? AVAILABLE : { refused: refusals[state] };
}
