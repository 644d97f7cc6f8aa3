import { callLegTable } from '@handset/gateway-config';
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How each call sounded: measured by the gateway on each leg, and by the phones, who report it. */
export const callQuality: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(callLegTable.sql).execute(db);
    await db.schema.alterTable('call_legs').addColumn('user_id', 'text').execute();
    await db.schema.createIndex('call_legs_call').on('call_legs').column('call_id').execute();
    await db.schema
      .createIndex('call_legs_sip')
      .on('call_legs')
      .columns(['sip_call_id', 'user_id'])
      .execute();
    await ownerTrigger(db, db.getExecutor().adapter instanceof PostgresAdapter);
    await phoneReports(db);
  },
};

async function phoneReports(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('phone_reports')
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('sip_call_id', 'text', (column) => column.notNull())
    .addColumn('codec', 'text')
    .addColumn('packets_received', 'bigint', (column) => column.notNull())
    .addColumn('packets_lost', 'bigint', (column) => column.notNull())
    .addColumn('jitter_ms', sql`double precision`, (column) => column.notNull())
    .addColumn('round_trip_ms', sql`double precision`)
    .addColumn('mos', sql`double precision`)
    .addColumn('reported_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('phone_reports_pkey', ['user_id', 'sip_call_id'])
    .execute();
  await db.schema
    .createIndex('phone_reports_reported')
    .on('phone_reports')
    .columns(['user_id', 'reported_at'])
    .execute();
}

/** Whose leg it was: only that user's report is believed. A trunk's leg is nobody's. */
const OWNER = `UPDATE call_legs SET user_id = coalesce(
      (SELECT user_id FROM credential_owners WHERE credential = NEW.credential),
      (SELECT user_id FROM phones WHERE id = NEW.credential))
    WHERE id = NEW.id;`;

/** As for call records: in the database itself, on PostgreSQL with the rights of the server. */
async function ownerTrigger(db: Kysely<unknown>, postgres: boolean): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  if (!postgres) {
    await run(`CREATE TRIGGER call_legs_owner AFTER INSERT ON call_legs BEGIN ${OWNER} END`);
    return;
  }
  await run(`CREATE FUNCTION note_leg_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$ BEGIN ${OWNER} RETURN NULL; END $$`);
  await run(`CREATE TRIGGER call_legs_owner AFTER INSERT ON call_legs
    FOR EACH ROW EXECUTE FUNCTION note_leg_owner()`);
}
