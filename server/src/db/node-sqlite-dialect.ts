import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
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
import { isBusy } from './errors.ts';

/**
 * How long a writer waits for another process's write (Asterisk writing a call record), in ms. One write takes part of a
 * millisecond; but where the disk is busy it may wait seconds for it, since it can't always put that off: the first
 * write after a checkpoint is flushed at once.
 */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 5;

/**
 * Kysely on Node's own SQLite. Kysely's SQLite dialect does most of it; this adapts `node:sqlite` to the
 * shape it expects, and makes transactions take the write lock at once.
 * @param file path of the database file
 */
export function nodeSqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: (): Driver => new PatientDriver({ database: async () => open(file) }),
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

class PatientDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    return patient(await super.acquireConnection());
  }

  /**
   * A deferred transaction that turns from reading to writing fails with SQLITE_BUSY at once if another
   * process has written meanwhile, whatever the timeout; an immediate one waits its turn before it reads.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/**
 * Waits for other processes' writes without SQLite's own busy handler, which would hold up this whole process. A statement
 * that was refused as busy has done nothing.
 */
function patient(connection: DatabaseConnection): DatabaseConnection {
  return {
    streamQuery: (query, chunkSize, options) => connection.streamQuery(query, chunkSize, options),
    async executeQuery<Row>(query: CompiledQuery) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        try {
          return await connection.executeQuery<Row>(query);
        } catch (error) {
          if (!isBusy(error) || performance.now() > until) throw error;
        }
        await delay(LOOK_AGAIN_MS);
      }
    },
  };
}

function open(file: string): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: PATIENCE_MS, enableForeignKeyConstraints: true });
  // WAL: the gateway reads while the server writes. NORMAL loses nothing committed when a process is killed.
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 0;');
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
