import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** The indexes have pieces of so many characters, and find nothing shorter. */
const PIECE = 3;
/** Where more rows than these have a part, some are soon met when all are read in order. */
const FEW = 1_000;

type Searched = 'users' | 'numbers';

/**
 * That a row has `part`, in any case: a user in name or login, a number among its digits. Where few rows have it they are
 * looked up by the index of pieces (migration 0013), and are all that a list then has to look at.
 */
export async function hasPart(
  database: Database,
  table: Searched,
  part: string,
): Promise<RawBuilder<boolean>> {
  const has = comparing(table, part.toLowerCase());
  const rows = [...part].length < PIECE ? undefined : await lookUp(database, table, part, has);
  if (rows === undefined || rows.length > FEW) return has;
  if (rows.length === 0) return sql`1 = 0`;
  const id = table === 'users' ? sql`users.id` : sql`numbers.e164`;
  return sql`(${id} in (${sql.join(rows.map((row) => row.id))}) and ${has})`;
}

function comparing(table: Searched, part: string): RawBuilder<boolean> {
  const pattern = `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return table === 'users'
    ? sql`(lower(users.name) like ${pattern} escape '\\' or users.login like ${pattern} escape '\\')`
    : sql`numbers.e164 like ${pattern}`;
}

/** @returns rows that may have it: all of them, or more than {@link FEW} */
async function lookUp(
  { db, dialect }: Database,
  table: Searched,
  part: string,
  has: RawBuilder<boolean>,
): Promise<readonly { readonly id: string }[]> {
  const { rows } = await sql<{ id: string }>`${
    dialect === 'postgres' ? onPostgres(table, has) : onSqlite(table, `"${part.replaceAll('"', '""')}"`)
  } limit ${sql.lit(FEW + 1)}`.execute(db);
  return rows;
}

const onPostgres = (table: Searched, has: RawBuilder<boolean>) =>
  table === 'users'
    ? sql`select id from users where ${has}`
    : sql`select e164 as id from numbers where ${has}`;

const onSqlite = (table: Searched, phrase: string) =>
  table === 'users'
    ? sql`select user_id as id from user_search join user_search_ids on user_search_ids.id = user_search.rowid
        where user_search match ${phrase}`
    : sql`select '+' || rowid as id from number_search where number_search match ${phrase}`;
