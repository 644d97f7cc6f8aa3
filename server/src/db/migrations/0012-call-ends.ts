import { callEndTable } from '@handset/gateway-config';
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The end of a call from a phone is noted by its called end, which may outlive the phone's own: a transferred call goes
 * on. The record is written when the phone's end leaves, without an end of the call where that is still to come.
 */
export const callEnds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(callEndTable.sql).execute(db);
    const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
    const run = (statement: string) => sql.raw(statement).execute(db);
    if (postgres) {
      await run('DROP TRIGGER call_records_end_lease ON call_records');
      await run('DROP FUNCTION end_lease()');
    } else await run('DROP TRIGGER call_records_end_lease');
    for (const trigger of TRIGGERS) await (postgres ? onPostgres(trigger, run) : onSqlite(trigger, run));
  },
};

interface Trigger {
  readonly name: string;
  readonly table: string;
  /** Of the new row. */
  readonly when: string;
  readonly work: readonly string[];
}

const TRIGGERS: readonly Trigger[] = [
  {
    // Nobody answered, or its end is known: as before.
    name: 'call_records_end_lease',
    table: 'call_records',
    when: 'NEW.answered_at IS NULL OR NEW.ended_at IS NOT NULL',
    work: [
      `UPDATE leases SET ended_at = coalesce(NEW.ended_at, admitted_at),
        used_ms = CASE WHEN NEW.answered_at < NEW.ended_at THEN NEW.ended_at - NEW.answered_at ELSE 0 END
        WHERE call_id = NEW.call_id`,
    ],
  },
  {
    // The called end may have left first.
    name: 'call_records_take_end',
    table: 'call_records',
    when: 'NEW.answered_at IS NOT NULL AND NEW.ended_at IS NULL',
    work: [
      `UPDATE call_records SET ended_at = (SELECT ended_at FROM call_ends WHERE call_id = NEW.call_id)
        WHERE call_id = NEW.call_id`,
    ],
  },
  {
    name: 'call_ends_end_call',
    table: 'call_ends',
    when: 'TRUE',
    work: [
      'UPDATE call_records SET ended_at = NEW.ended_at WHERE call_id = NEW.call_id AND ended_at IS NULL',
      `UPDATE leases SET ended_at = NEW.ended_at,
        used_ms = CASE WHEN NEW.answered_at < NEW.ended_at THEN NEW.ended_at - NEW.answered_at ELSE 0 END
        WHERE call_id = NEW.call_id`,
    ],
  },
];

type Run = (statement: string) => Promise<unknown>;

/** In the database itself, so that it is done while the server is down. */
async function onSqlite({ name, table, when, work }: Trigger, run: Run): Promise<void> {
  await run(
    `CREATE TRIGGER ${name} AFTER INSERT ON ${table} WHEN ${when} BEGIN ${work.map((each) => `${each};`).join(' ')} END`,
  );
}

/** With the rights of the server: the gateway's role may do no more than add rows. */
async function onPostgres({ name, table, when, work }: Trigger, run: Run): Promise<void> {
  await run(`CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$ BEGIN ${work.map((each) => `${each};`).join(' ')} RETURN NULL; END $$`);
  await run(`CREATE TRIGGER ${name} AFTER INSERT ON ${table} FOR EACH ROW WHEN (${when})
    EXECUTE FUNCTION ${name}()`);
}
