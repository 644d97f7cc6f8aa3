import { type Limits, toMicros } from '../policies/rules.ts';

const MINUTE_MS = 60_000;
/** A call that is ended at its greatest duration may last this much longer, in ms. */
export const GRACE_MS = 1_000;

/** What has been called, by one user or by all, and what calls that are up may still come to. */
export interface Usage {
  readonly activeCalls: number;
  /** Calls let through in the last 60 s. */
  readonly callsLastMinute: number;
  /** In ms: calls that ended in the last 24 h, and the greatest duration of those that are up. */
  readonly dayMs: number;
  /** The same as money, in millionths. */
  readonly dayMicros: number;
}

export const NO_USAGE: Usage = { activeCalls: 0, callsLastMinute: 0, dayMs: 0, dayMicros: 0 };

export type LimitReason =
  | 'too-many-calls'
  | 'lines-busy'
  | 'calling-too-fast'
  | 'minutes-used-up'
  | 'spend-used-up'
  | 'no-rate';

export type Fit =
  | { readonly fits: true; readonly maxDurationMs: number; readonly because?: string }
  | { readonly fits: false; readonly reason: LimitReason; readonly because: string };

/** What a call costs: every minute that has begun. @returns millionths */
export function costOf(durationMs: number, perMinuteMicros: number): number {
  return Math.ceil(durationMs / MINUTE_MS) * perMinuteMicros;
}

/** What a call that may last so long is counted as while it is up. */
export function reservedMs(maxDurationMs: number): number {
  return maxDurationMs + GRACE_MS;
}

/**
 * Whether one more call fits, and how long it may then last. A call that is up counts with the greatest duration that
 * it was given: so the sum can't pass a limit, however long calls last and in whatever order they end.
 * @param whose in whose name the limits are, for words
 */
export function fit(whose: 'user' | 'all', limits: Limits, usage: Usage, call: PlannedCall): Fit {
  const of = whose === 'user' ? 'of the user' : 'in all';
  const busy = whose === 'user' ? 'too-many-calls' : 'lines-busy';
  const bounds = [
    byCount(limits, usage, busy),
    byMinutes(limits, usage),
    bySpend(limits, usage, call.perMinuteMicros),
  ].filter((bound) => bound !== undefined);
  const refused = bounds.find((bound) => 'reason' in bound);
  if (refused) return { fits: false, reason: refused.reason, because: `${refused.because} ${of}` };
  const shortest = bounds
    .filter((bound) => 'ms' in bound)
    .reduce<Bound>((a, b) => (b.ms < a.ms ? b : a), { ms: call.maxDurationMs, by: '' });
  const { ms, by } = shortest;
  return { fits: true, maxDurationMs: ms, ...(by && { because: `the ${by} ${of} leave ${ms} ms` }) };
}

export interface PlannedCall {
  readonly maxDurationMs: number;
  /** Price of a minute; `undefined` where the rate table has none. */
  readonly perMinuteMicros: number | undefined;
}

/** How long a call may last by one of the limits. */
interface Bound {
  readonly ms: number;
  readonly by: string;
}

type Bounded = Bound | { readonly reason: LimitReason; readonly because: string } | undefined;

function byCount(limits: Limits, usage: Usage, busy: LimitReason): Bounded {
  const { concurrentCalls, callsPerMinute } = limits;
  if (concurrentCalls !== null && usage.activeCalls >= concurrentCalls) {
    return { reason: busy, because: `${usage.activeCalls} of ${concurrentCalls} calls at once are up` };
  }
  if (callsPerMinute !== null && usage.callsLastMinute >= callsPerMinute) {
    const because = `${usage.callsLastMinute} of ${callsPerMinute} calls a minute were made`;
    return { reason: 'calling-too-fast', because };
  }
  return undefined;
}

function byMinutes({ minutesPerDay }: Limits, { dayMs }: Usage): Bounded {
  if (minutesPerDay === null) return undefined;
  const by = `${minutesPerDay} minutes a day`;
  const ms = minutesPerDay * MINUTE_MS - dayMs - GRACE_MS;
  return ms > 0 ? { ms, by } : { reason: 'minutes-used-up', because: `the ${by} are used or reserved` };
}

function bySpend(
  { spendPerDay }: Limits,
  { dayMicros }: Usage,
  perMinuteMicros: number | undefined,
): Bounded {
  if (spendPerDay === null) return undefined;
  if (perMinuteMicros === undefined) {
    return { reason: 'no-rate', because: 'there is no rate, and a limit of spend' };
  }
  const by = `${spendPerDay} a day`;
  const minutes = affordable(toMicros(spendPerDay) - dayMicros, perMinuteMicros);
  return minutes >= 1
    ? { ms: minutes * MINUTE_MS - GRACE_MS, by }
    : { reason: 'spend-used-up', because: `the ${by} are spent or reserved` };
}

/** Whole minutes that so much pays. */
function affordable(micros: number, perMinuteMicros: number): number {
  if (perMinuteMicros === 0) return micros >= 0 ? Number.POSITIVE_INFINITY : 0;
  return Math.floor(micros / perMinuteMicros);
}
