import { sql } from 'kysely';
import type { Dialect, Tx } from './database.ts';

/** Things that only one transaction at a time may decide on. */
const locks = { extensions: 4_210_001, views: 4_210_002, admissions: 4_210_003, trunks: 4_210_004 } as const;

/**
 * Waits until no other transaction holds this lock; it ends with the transaction. On SQLite every transaction
 * of ours holds the one write lock from its beginning.
 */
export async function lockFor(tx: Tx, dialect: Dialect, what: keyof typeof locks): Promise<void> {
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${locks[what]})`.execute(tx);
}
