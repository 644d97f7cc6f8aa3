import { type SelectQueryBuilder, sql } from 'kysely';
import { type Position, pageOf, positionOf } from '../http/page.ts';

/** What every list is asked with. */
export interface PageAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type ColumnOf<Row, Type> = { [Name in keyof Row & string]: Row[Name] extends Type ? Name : never }[keyof Row &
  string];

/** What a list is ordered by: an index over the same columns makes each page as fast as the first. */
export interface PageOrder<Row> {
  readonly table: string;
  /** A time in ms; absent: the list has the order of its ids alone. */
  readonly by?: ColumnOf<Row, number>;
  readonly id: ColumnOf<Row, string>;
  readonly newestFirst?: boolean;
}

/**
 * Reads one page.
 * @param query all rows of the list, in no order
 * @throws Problem naming `query.cursor` where that is none of this list
 */
export async function readPage<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { limit, cursor }: PageAsked,
  { table, by, id, newestFirst = false }: PageOrder<Row>,
): Promise<{ items: Row[]; next: string | null }> {
  const after = positionOf(cursor);
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const direction = newestFirst ? 'desc' : 'asc';
  let page = query;
  if (by !== undefined) page = page.orderBy(column(by), direction);
  page = page.orderBy(column(id), direction);
  if (after) {
    const columns = by === undefined ? [column(id)] : [column(by), column(id)];
    const values = by === undefined ? [after[1]] : after;
    const beyond = newestFirst ? sql`<` : sql`>`;
    page = page.where(sql<boolean>`(${sql.join(columns)}) ${beyond} (${sql.join(values)})`);
  }
  const rows = await page.limit(limit + 1).execute();
  return pageOf(
    rows as Row[],
    limit,
    (row): Position => [by === undefined ? 0 : Number(row[by]), String(row[id])],
  );
}
