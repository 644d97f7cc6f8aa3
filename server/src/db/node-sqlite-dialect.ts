import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely';

/** How long a writer waits for another process's write (Asterisk writing a call record), in ms. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Kysely on Node's own SQLite. Kysely's SQLite dialect does most of it; this adapts `node:sqlite` to the
 * shape it expects, and makes transactions take the write lock at once.
 * @param file path of the database file
 */
export function nodeSqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: (): Driver => new ImmediateDriver({ database: async () => open(file) }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * SQLite runs DDL in transactions. With `begin immediate` below, a transaction is also the migration lock
 * between processes.
 */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ImmediateDriver extends SqliteDriver {
  /**
   * A deferred transaction that turns from reading to writing fails with SQLITE_BUSY at once if another
   * process has written meanwhile, whatever the timeout; an immediate one waits its turn before it reads.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function open(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  // WAL: the gateway reads while the server writes. NORMAL loses nothing committed when a process is killed.
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  return { close: () => database.close(), prepare: (sql) => statement(database, sql) };
}

function statement(database: DatabaseSync, sql: string): SqliteStatement {
  const prepared = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...values(parameters)),
    run: (parameters) => prepared.run(...values(parameters)),
    iterate: (parameters) => prepared.iterate(...values(parameters)),
  };
}
