import { randomInt } from 'node:crypto';
import type { Country } from '@handset/gateway-config';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { loadCallingLimits } from '../policies/calling-limits.ts';
import { DEFAULT_POLICY, type Rules, readRules } from '../policies/rules.ts';
import { type AdmissionRequest, type Caller, type Rate, readDialed, type Snapshot } from './decide.ts';
import { type IsSilent, loadRoutable } from './trunk-places.ts';
import { loadUsage } from './usage.ts';

interface Row {
  caller_id: string | null;
  caller_name: string | null;
  caller_number: string | null;
  caller_rules: string | null;
  is_ours: number | null;
  ours_extension: string | null;
}

export interface Loaded {
  readonly snapshot: Snapshot;
  /** Absent where there is no caller. */
  readonly userId?: string | undefined;
}

/** What a decision depends on beside the database. */
export interface AdmissionWorld {
  readonly country: Country;
  readonly isSilent: IsSilent;
  /** Those that the gateway knows by itself; operators may name more. */
  readonly emergencyNumbers?: readonly string[];
}

/** Reads all that {@link import('./decide.ts').decide} needs, as it is at `now`. */
export async function loadSnapshot(
  db: Db,
  request: AdmissionRequest & { readonly callId: string },
  { country, isSilent, emergencyNumbers: known = [] }: AdmissionWorld,
  now: number,
): Promise<Loaded> {
  const dialed = readDialed(request.dialed, country);
  const number = dialed.kind === 'number' ? dialed.number : null;
  const extension = dialed.kind === 'extension' ? dialed.extension : null;
  const row = await callerAndCalled(db, request.extension, number, extension);
  const { emergencyNumbers, ...limits } = await loadCallingLimits(db);
  const exceptCall = request.callId;
  const caller = row && (await callerOf(db, row, { exceptCall, now }));
  const snapshot = {
    country,
    caller,
    ours: row?.is_ours === 1 ? { extension: row.ours_extension } : undefined,
    trunks: await loadRoutable(db, isSilent, { exceptCall, now }),
    seed: randomInt(2 ** 32),
    emergencyNumbers: [...known, ...emergencyNumbers],
    limits,
    usage: await loadUsage(db, limits, { exceptCall, now }),
    rates: number === null ? [] : await ratesOf(db, number),
  };
  return { snapshot, userId: row?.caller_id ?? undefined };
}

async function callerAndCalled(
  db: Db,
  caller: string,
  number: string | null,
  extension: string | null,
): Promise<Row | undefined> {
  // Each side is at most one row, and absent ones are nulls: the result is always one row. The casts tell
  // PostgreSQL the type of a parameter that is null.
  const { rows } = await sql<Row>`
    select caller.id as caller_id, caller.name as caller_name,
      (select e164 from numbers where user_id = caller.id order by assigned_at, e164 limit 1) as caller_number,
      (select rules from policies where id = coalesce(caller.policy_id, ${DEFAULT_POLICY})) as caller_rules,
      ours.is_ours as is_ours,
      ours.extension as ours_extension
    from (select 1 as one) as always
    left join users caller on caller.extension = ${caller} and caller.disabled_at is null
    left join (
      select 1 as is_ours, holder.extension as extension
      from numbers left join users holder on holder.id = numbers.user_id and holder.disabled_at is null
      where numbers.e164 = cast(${number} as text)
      union all
      select 1 as is_ours, case when disabled_at is null then extension end as extension
      from users where extension = cast(${extension} as text)
    ) as ours on ours.is_ours = 1`.execute(db);
  return rows[0];
}

async function callerOf(
  db: Db,
  { caller_id, caller_name, caller_number, caller_rules }: Row,
  question: { exceptCall: string; now: number },
): Promise<Caller | undefined> {
  if (caller_id === null || caller_name === null) return undefined;
  const rules: Rules = readRules(caller_rules ?? '{}');
  const usage = await loadUsage(db, rules, { ...question, userId: caller_id });
  return { name: caller_name, number: caller_number, rules, usage };
}

/** Those rates whose prefix fits: they are found by all beginnings of the number. */
async function ratesOf(db: Db, number: string): Promise<Rate[]> {
  const beginnings = Array.from({ length: number.length - 1 }, (_, index) => number.slice(0, index + 2));
  const rows = await db
    .selectFrom('rates')
    .select(['prefix', 'per_minute_micros'])
    .where('prefix', 'in', beginnings)
    .execute();
  return rows.map(({ prefix, per_minute_micros }) => ({ prefix, perMinuteMicros: per_minute_micros }));
}
