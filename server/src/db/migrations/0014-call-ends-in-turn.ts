import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * On PostgreSQL a call's record and its end may be written at the same moment, each by a transaction that does not see the
 * other's row: the record then stayed without an end. Now the two take turns. SQLite has one writer at a time.
 */
export const callEndsInTurn: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (statement: string) => sql.raw(statement).execute(db);
    if (db.getExecutor().adapter instanceof PostgresAdapter)
      for (const { name, work } of FUNCTIONS) await run(inTurn(name, work));
    await run(`UPDATE call_records
      SET ended_at = (SELECT ended_at FROM call_ends WHERE call_ends.call_id = call_records.call_id)
      WHERE answered_at IS NOT NULL AND ended_at IS NULL`);
  },
};

/** As in 0012. */
const FUNCTIONS = [
  {
    name: 'call_records_take_end',
    work: `UPDATE call_records SET ended_at = (SELECT ended_at FROM call_ends WHERE call_id = NEW.call_id)
      WHERE call_id = NEW.call_id;`,
  },
  {
    name: 'call_ends_end_call',
    work: `UPDATE call_records SET ended_at = NEW.ended_at WHERE call_id = NEW.call_id AND ended_at IS NULL;
      UPDATE leases SET ended_at = NEW.ended_at,
        used_ms = CASE WHEN NEW.answered_at < NEW.ended_at THEN NEW.ended_at - NEW.answered_at ELSE 0 END
        WHERE call_id = NEW.call_id;`,
  },
];

/** The lock is held until the end of the transaction; each statement after it sees what was committed before. */
const inTurn = (name: string, work: string) =>
  `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$ BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended(NEW.call_id, 0));
      ${work} RETURN NULL;
    END $$`;
