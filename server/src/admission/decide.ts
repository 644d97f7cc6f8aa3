import { type Country, type E164, type Extension, isExtension, parseNumber } from '@handset/gateway-config';
import type { Limits, Rules } from '../policies/rules.ts';
import { destinationOf, permits } from './destination.ts';
import { type Fit, fit, type LimitReason, type Usage } from './limits.ts';
import { type Attempt, type RoutableTrunk, type Routing, route } from './routing.ts';

/** An outgoing call that the gateway asks about. */
export interface AdmissionRequest {
  /** Extension of the caller, as the gateway has authenticated it. */
  readonly extension: string;
  /** What the person dialled. */
  readonly dialed: string;
}

/** Why a call is refused; the phone has words for each. */
export const refusalReasons = [
  'number-invalid',
  'number-not-found',
  'not-permitted',
  'no-caller-id',
  'too-many-calls',
  'lines-busy',
  'calling-too-fast',
  'minutes-used-up',
  'spend-used-up',
  'no-rate',
  'trunk-failed',
] as const satisfies readonly (LimitReason | string)[];
export type RefusalReason = (typeof refusalReasons)[number];

/** What decided, step by step, in words for operators. */
type Because = readonly string[];

export type Decision = { readonly because: Because } & (
  | {
      readonly decision: 'trunk';
      /** E.164, or an emergency number as it was dialled. */
      readonly number: string;
      readonly callerId: string;
      readonly callerName: string;
      /** What to try, in this order. */
      readonly attempts: readonly Attempt[];
      readonly maxDurationMs: number;
      /** Price of a minute in millionths; absent where the rate table has none. */
      readonly perMinuteMicros?: number | undefined;
      /** Counts for no limit. */
      readonly emergency: boolean;
    }
  | { readonly decision: 'internal'; readonly extension: string }
  | { readonly decision: 'refuse'; readonly reason: RefusalReason }
);

export interface Caller {
  readonly name: string;
  readonly number: string | null;
  readonly rules: Rules;
  readonly usage: Usage;
}

/** All that a decision depends on, as it was at one moment. */
export interface Snapshot {
  readonly country: Country;
  /** Who calls; absent where the extension is no one's, or its user is disabled. */
  readonly caller?: Caller | undefined;
  /**
   * What is known here of the number or extension dialled; absent where it is none of ours. `extension` is
   * null where nobody has the number, or its user is disabled.
   */
  readonly ours?: { readonly extension: string | null } | undefined;
  readonly trunks: readonly RoutableTrunk[];
  /** Decides among trunks of the same priority. */
  readonly seed: number;
  readonly emergencyNumbers: readonly string[];
  /** Limits of all calls together, and what counts for them. */
  readonly limits: Limits;
  readonly usage: Usage;
  /** Those rates whose prefix fits the number. */
  readonly rates: readonly Rate[];
}

export interface Rate {
  readonly prefix: string;
  readonly perMinuteMicros: number;
}

/** What was dialled, understood. */
export type Dialed =
  | { readonly kind: 'number'; readonly number: E164 }
  | { readonly kind: 'extension'; readonly extension: Extension }
  | { readonly kind: 'invalid' };

const MINUTE_MS = 60_000;
const LONGEST_EMERGENCY_MS = 4 * 60 * MINUTE_MS;

/** Reads what was dialled; without `+` in the national form of `country`, as people type it. */
export function readDialed(dialed: string, country: Country): Dialed {
  const compact = dialed.trim();
  if (isExtension(compact)) return { kind: 'extension', extension: compact };
  const number = parseNumber(compact, country);
  return number === undefined ? { kind: 'invalid' } : { kind: 'number', number };
}

/**
 * Decides where an outgoing call goes. Pure: the same request and snapshot always give the same decision, and the
 * decision says why. The caller ID is the caller's own number, whatever the phone claims to be.
 */
export function decide(request: AdmissionRequest, snapshot: Snapshot): Decision {
  const { caller, ours } = snapshot;
  if (snapshot.emergencyNumbers.includes(request.dialed.trim())) return emergency(request, snapshot);
  if (!caller) return refuse('not-permitted', 'the extension is no one’s, or its user is disabled');
  const dialed = readDialed(request.dialed, snapshot.country);
  if (dialed.kind === 'invalid') return refuse('number-invalid', 'what was dialled can be no number');
  if (ours) {
    return ours.extension === null
      ? refuse('number-not-found', 'the number is one of ours, and nobody has it')
      : { decision: 'internal', extension: ours.extension, because: ['it is a number or extension of ours'] };
  }
  if (dialed.kind === 'extension') return refuse('number-not-found', 'nobody has this extension');
  const { allowed, because } = permits(caller.rules, destinationOf(dialed.number), snapshot.country);
  if (!allowed) return refuse('not-permitted', because);
  if (caller.number === null) return refuse('no-caller-id', because, 'the caller has no number of their own');
  return withinLimits(dialed.number, caller, caller.number, snapshot, because);
}

function withinLimits(
  number: E164,
  caller: Caller,
  callerId: string,
  { limits, usage, rates, trunks, seed }: Snapshot,
  because: string,
): Decision {
  const rate = rateFor(number, rates);
  const perMinuteMicros = rate?.perMinuteMicros;
  const longest = { maxDurationMs: caller.rules.maxCallMinutes * MINUTE_MS, perMinuteMicros };
  const own = fit('user', caller.rules, caller.usage, longest);
  if (!own.fits) return refuse(own.reason, because, own.because);
  const all = fit('all', limits, usage, { maxDurationMs: own.maxDurationMs, perMinuteMicros });
  if (!all.fits) return refuse(all.reason, because, all.because);
  const routing = route({ number, callerId, emergency: false, seed }, trunks);
  if (routing.attempts.length === 0) return nowhere(because, routing);
  return {
    decision: 'trunk',
    number,
    callerId,
    callerName: caller.name,
    attempts: routing.attempts,
    maxDurationMs: all.maxDurationMs,
    perMinuteMicros,
    emergency: false,
    because: [
      because,
      rate ? `the rate of ${rate.prefix} applies` : 'it has no rate',
      ...wordsOf(own, all),
      ...routing.because,
    ],
  };
}

function nowhere(because: string, routing: Routing): Decision {
  return refuse(routing.isFull ? 'lines-busy' : 'trunk-failed', because, ...routing.because);
}

function wordsOf(...fits: readonly Fit[]): string[] {
  return fits.flatMap(({ because }) => because ?? []);
}

/** Of the rates that fit, the one with the most specific prefix. */
export function rateFor(number: string, rates: readonly Rate[]): Rate | undefined {
  return rates
    .filter(({ prefix }) => number.startsWith(prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}

/** Asks for nothing: not even for a known caller. */
function emergency({ extension, dialed }: AdmissionRequest, { caller, trunks, seed }: Snapshot): Decision {
  const number = dialed.trim();
  const callerId = caller?.number ?? extension;
  const routing = route({ number, callerId, emergency: true, seed }, trunks);
  if (routing.attempts.length === 0) return nowhere('it is an emergency number', routing);
  return {
    decision: 'trunk',
    number,
    callerId,
    callerName: caller?.name ?? '',
    attempts: routing.attempts,
    maxDurationMs: LONGEST_EMERGENCY_MS,
    emergency: true,
    because: ['it is an emergency number', ...routing.because],
  };
}

function refuse(reason: RefusalReason, ...because: readonly string[]): Decision {
  return { decision: 'refuse', reason, because };
}
