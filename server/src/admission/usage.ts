import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Limits } from '../policies/rules.ts';
import { NO_USAGE, type Usage } from './limits.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

interface Row {
  active: number;
  lately: number;
  ms: number;
  micros: number;
}

/** Whose calls are counted, but for the one that is asked about: it may be asked about twice. */
export interface UsageQuestion {
  /** Absent: all users. */
  readonly userId?: string;
  readonly exceptCall: string;
  readonly now: number;
}

/** Counts what `limits` need to know; nothing is read where there are none. */
export async function loadUsage(
  db: Db,
  limits: Limits,
  { userId, exceptCall, now }: UsageQuestion,
): Promise<Usage> {
  if (!isLimited(limits)) return NO_USAGE;
  const whose = userId === undefined ? sql`` : sql`user_id = ${userId} and `;
  // A lease ends with the record of its call, at the latest when it expires: what ended in the last day expired since.
  const { rows } = await sql<Row>`
    select cast(coalesce(sum(active), 0) as bigint) as active,
      cast(coalesce(sum(lately), 0) as bigint) as lately,
      cast(coalesce(sum(ms), 0) as bigint) as ms,
      cast(coalesce(sum((ms + ${sql.lit(MINUTE_MS - 1)}) / ${sql.lit(MINUTE_MS)} * price), 0) as bigint) as micros
    from (
      select per_minute_micros as price,
        case when ended_at is null and expires_at > ${now} then 1 else 0 end as active,
        case when admitted_at > ${now - MINUTE_MS} then 1 else 0 end as lately,
        case when ended_at > ${now - DAY_MS} then used_ms
          when ended_at is null and expires_at > ${now} then reserved_ms
          else 0 end as ms
      from leases
      where ${whose}expires_at > ${now - DAY_MS} and call_id <> ${exceptCall}
    ) as counted`.execute(db);
  const row = rows[0];
  if (!row) return NO_USAGE;
  return { activeCalls: row.active, callsLastMinute: row.lately, dayMs: row.ms, dayMicros: row.micros };
}

function isLimited({ concurrentCalls, callsPerMinute, minutesPerDay, spendPerDay }: Limits): boolean {
  return [concurrentCalls, callsPerMinute, minutesPerDay, spendPerDay].some((limit) => limit !== null);
}
