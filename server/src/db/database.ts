import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import type { ServerConfig } from '../config.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Tables } from './tables.ts';

export type Dialect = 'sqlite' | 'postgres';
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** An open database; which one it is matters only where SQL differs. */
export interface Database {
  readonly db: Db;
  readonly dialect: Dialect;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const POOL_SIZE = 10;
/** PostgreSQL's type id of BIGINT, which pg would give as text. Times in ms fit a double until the year 287396. */
const INT8 = 20;

/**
 * Opens the database that the settings name. The connection itself is made with the first query.
 * @param onError told of a PostgreSQL connection that broke while idle
 */
export function openDatabase(config: ServerConfig, onError: (error: Error) => void): Database {
  const url = config.settings.DATABASE_URL;
  if (url === undefined) {
    const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(config.sqliteFile) });
    return { db, dialect: 'sqlite', close: () => db.destroy() };
  }
  const pool = new Pool({
    connectionString: withPassword(url, config.secrets.database),
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      getTypeParser: (id, format) =>
        id === INT8 && format !== 'binary' ? Number : types.getTypeParser(id, format),
    },
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', onError);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, dialect: 'postgres', close: () => db.destroy() };
}

/** An address without a password gets the installation's own, so that none need stand in the environment. */
function withPassword(url: string, password: string): string {
  const parsed = new URL(url);
  if (parsed.username !== '' && parsed.password === '') parsed.password = password;
  return parsed.href;
}
