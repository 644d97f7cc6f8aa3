import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whose each call was, on which device: written beside the record, and still known when they are gone. */
export const callRecords: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('call_records').addColumn('user_id', 'text').execute();
    await db.schema.alterTable('call_records').addColumn('device_id', 'text').execute();
    await db.schema
      .createTable('credential_owners')
      .addColumn('credential', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('device_id', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('credential_owners_created')
      .on('credential_owners')
      .column('created_at')
      .execute();
    await sql`insert into credential_owners (credential, user_id, device_id, created_at)
      select credentials.id, devices.user_id, devices.id, credentials.created_at
      from credentials join devices on devices.id = credentials.device_id`.execute(db);
    await triggers(db, db.getExecutor().adapter instanceof PostgresAdapter);
    // In the order of the list: of a record without its beginning it is taken for the oldest.
    await sql`create index call_records_started
      on call_records (coalesce(started_at, 0), call_id)`.execute(db);
    await sql`create index call_records_user
      on call_records (user_id, coalesce(started_at, 0), call_id)`.execute(db);
  },
};

/** Fills in whose call it was: by the device that took part, else by the extension; a desk phone has no device. */
const OWNER = `UPDATE call_records SET
    user_id = coalesce(
      (SELECT user_id FROM credential_owners WHERE credential = NEW.credential),
      (SELECT user_id FROM phones WHERE id = NEW.credential),
      (SELECT id FROM users WHERE extension = NEW.extension)),
    device_id = (SELECT device_id FROM credential_owners WHERE credential = NEW.credential)
    WHERE call_id = NEW.call_id;`;

/**
 * In the database itself, so that it is done while the server is down; on PostgreSQL with the rights of the server,
 * since the gateway's role may do no more than add records.
 */
async function triggers(db: Kysely<unknown>, postgres: boolean): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  if (!postgres) {
    await run(`CREATE TRIGGER call_records_owner AFTER INSERT ON call_records BEGIN ${OWNER} END`);
    return;
  }
  await run(`CREATE FUNCTION note_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$ BEGIN ${OWNER} RETURN NULL; END $$`);
  await run(`CREATE TRIGGER call_records_owner AFTER INSERT ON call_records
    FOR EACH ROW EXECUTE FUNCTION note_owner()`);
}
