import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Client, types } from 'pg';
import type { LabUnderTest } from './lab.global.ts';

/** PostgreSQL's type id of BIGINT, which pg would give as text. */
const INT8 = 20;

/**
 * Asks the lab's database, whichever it is.
 * @param sql with a `?` for each value
 */
export async function query<Row>(
  { data, database }: Pick<LabUnderTest, 'data' | 'database'>,
  sql: string,
  values: readonly SQLInputValue[] = [],
): Promise<readonly Row[]> {
  if (database !== undefined) return queryPostgres(database, sql, values);
  const db = new DatabaseSync(join(data, 'handset.db'), { timeout: 5_000 });
  try {
    return db.prepare(sql).all(...values) as Row[];
  } finally {
    db.close();
  }
}

async function queryPostgres<Row>(
  url: string,
  sql: string,
  values: readonly SQLInputValue[],
): Promise<readonly Row[]> {
  const client = new Client({
    connectionString: url,
    types: {
      getTypeParser: (id, format) =>
        id === INT8 && format !== 'binary' ? Number : types.getTypeParser(id, format),
    },
  });
  await client.connect();
  try {
    let count = 0;
    const { rows } = await client.query(
      sql.replaceAll('?', () => `$${++count}`),
      [...values],
    );
    return rows;
  } finally {
    await client.end();
  }
}
