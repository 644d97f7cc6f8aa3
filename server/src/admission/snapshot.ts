import type { Country } from '@handset/gateway-config';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type AdmissionRequest, readDialed, type Snapshot } from './decide.ts';

/** A call ends after this long, in ms. */
const MAX_DURATION_MS = 4 * 3_600_000;
const TRUNKS = ['trunk'];

interface Row {
  caller_name: string | null;
  caller_number: string | null;
  is_ours: number | null;
  ours_extension: string | null;
}

/** Reads all that {@link import('./decide.ts').decide} needs, in one round trip. */
export async function loadSnapshot(db: Db, request: AdmissionRequest, country: Country): Promise<Snapshot> {
  const dialed = readDialed(request.dialed, country);
  const number = dialed.kind === 'number' ? dialed.number : null;
  const extension = dialed.kind === 'extension' ? dialed.extension : null;
  // Each side is at most one row, and absent ones are nulls: the result is always one row. The casts tell
  // PostgreSQL the type of a parameter that is null.
  const { rows } = await sql<Row>`
    select caller.name as caller_name,
      (select e164 from numbers where user_id = caller.id order by assigned_at, e164 limit 1) as caller_number,
      ours.is_ours as is_ours,
      ours.extension as ours_extension
    from (select 1 as one) as always
    left join users caller on caller.extension = ${request.extension} and caller.disabled_at is null
    left join (
      select 1 as is_ours, holder.extension as extension
      from numbers left join users holder on holder.id = numbers.user_id and holder.disabled_at is null
      where numbers.e164 = cast(${number} as text)
      union all
      select 1 as is_ours, case when disabled_at is null then extension end as extension
      from users where extension = cast(${extension} as text)
    ) as ours on ours.is_ours = 1`.execute(db);
  const row = rows[0];
  return {
    country,
    caller:
      typeof row?.caller_name === 'string' ? { name: row.caller_name, number: row.caller_number } : undefined,
    ours: row?.is_ours === 1 ? { extension: row.ours_extension } : undefined,
    trunks: TRUNKS,
    maxDurationMs: MAX_DURATION_MS,
  };
}
