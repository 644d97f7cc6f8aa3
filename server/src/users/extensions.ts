import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { Problem } from '../http/problem.ts';

/** Which extensions are given out. */
export interface ExtensionRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The extension for a new user. To be asked under the lock `extensions`.
 * @param never extensions that are nobody's: the emergency numbers
 * @throws Problem `no-extension-left`
 */
export async function nextExtension(
  tx: Tx,
  range: ExtensionRange,
  never: ReadonlySet<string>,
): Promise<string> {
  const { first, last } = range;
  const highest = await tx
    .selectFrom('users')
    .select('extension')
    .orderBy(sql`length(extension)`, 'desc')
    .orderBy('extension', 'desc')
    .limit(1)
    .executeTakeFirst();
  // One above the highest: an extension that was given up is not someone else's the same day.
  let next = Math.max(first, Number(highest?.extension ?? 0) + 1);
  while (never.has(String(next))) next += 1;
  if (next <= last) return String(next);
  const gap = await lowestGap(tx, range, never);
  if (gap === undefined)
    throw new Problem('no-extension-left', `Extensions ${first} to ${last} are all taken.`);
  return gap;
}

/** The lowest free extension, where the top of the range is taken: then all are read. */
async function lowestGap(
  tx: Tx,
  { first, last }: ExtensionRange,
  never: ReadonlySet<string>,
): Promise<string | undefined> {
  const alsoTaken = Array.from(never, (number) => sql`union all select ${sql.lit(Number(number))}`);
  const { rows } = await sql<{ free: number | null }>`
    with taken(number) as (
      select cast(extension as integer) from users ${sql.join(alsoTaken, sql` `)}
    )
    select min(candidate) as free from (
      select ${sql.lit(first)} as candidate
      union all
      select number + 1 from taken
    ) as candidates
    where candidate between ${sql.lit(first)} and ${sql.lit(last)}
      and candidate not in (select number from taken)`.execute(tx);
  const free = rows[0]?.free;
  return free === null || free === undefined ? undefined : String(free);
}
