import { type Country, type E164, type Extension, isExtension, parseNumber } from '@handset/gateway-config';

/** An outgoing call that the gateway asks about. */
export interface AdmissionRequest {
  /** Extension of the caller, as the gateway has authenticated it. */
  readonly extension: string;
  /** What the person dialled. */
  readonly dialed: string;
}

/** Why a call is refused; the phone has words for each. */
export type RefusalReason = 'number-invalid' | 'number-not-found' | 'not-permitted' | 'no-caller-id';

export type Decision =
  | {
      readonly decision: 'trunk';
      readonly number: E164;
      readonly callerId: string;
      readonly callerName: string;
      /** Trunks to try, in this order. */
      readonly attempts: readonly string[];
      readonly maxDurationMs: number;
    }
  | { readonly decision: 'internal'; readonly extension: string }
  | { readonly decision: 'refuse'; readonly reason: RefusalReason };

/** All that a decision depends on, as it was at one moment. */
export interface Snapshot {
  readonly country: Country;
  /** Who calls; absent where the extension is no one's, or its user is disabled. */
  readonly caller?: { readonly name: string; readonly number: string | null } | undefined;
  /**
   * What is known here of the number or extension dialled; absent where it is none of ours. `extension` is
   * null where nobody has the number, or its user is disabled.
   */
  readonly ours?: { readonly extension: string | null } | undefined;
  /** Trunks in the order to try. */
  readonly trunks: readonly string[];
  readonly maxDurationMs: number;
}

/** What was dialled, understood. */
export type Dialed =
  | { readonly kind: 'number'; readonly number: E164 }
  | { readonly kind: 'extension'; readonly extension: Extension }
  | { readonly kind: 'invalid' };

/** Reads what was dialled; without `+` in the national form of `country`, as people type it. */
export function readDialed(dialed: string, country: Country): Dialed {
  const compact = dialed.trim();
  if (isExtension(compact)) return { kind: 'extension', extension: compact };
  const number = parseNumber(compact, country);
  return number === undefined ? { kind: 'invalid' } : { kind: 'number', number };
}

/**
 * Decides where an outgoing call goes. Pure: the same request and snapshot always give the same decision. The
 * caller ID is the caller's own number, whatever the phone claims to be.
 */
export function decide(request: AdmissionRequest, snapshot: Snapshot): Decision {
  const { caller, ours } = snapshot;
  if (!caller) return refuse('not-permitted');
  const dialed = readDialed(request.dialed, snapshot.country);
  if (dialed.kind === 'invalid') return refuse('number-invalid');
  if (ours) {
    return ours.extension === null
      ? refuse('number-not-found')
      : { decision: 'internal', extension: ours.extension };
  }
  if (dialed.kind === 'extension') return refuse('number-not-found');
  if (caller.number === null) return refuse('no-caller-id');
  return {
    decision: 'trunk',
    number: dialed.number,
    callerId: caller.number,
    callerName: caller.name,
    attempts: snapshot.trunks,
    maxDurationMs: snapshot.maxDurationMs,
  };
}

function refuse(reason: RefusalReason): Decision {
  return { decision: 'refuse', reason };
}
