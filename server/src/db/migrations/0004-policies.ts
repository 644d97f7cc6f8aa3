import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Calling permissions, limits and rates, and the leases of calls that were let through. */
export const policies: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await policyTables(db);
    await leases(db);
  },
};

async function policyTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('policies')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  // Users from before policies may go on calling every country, but for premium and satellite numbers; a new
  // installation begins with the home country alone.
  await sql`insert into policies (id, name, rules, created_at)
    select 'podefault', 'Default',
      case when exists (select 1 from users) then '{"allowedCountries":["all"]}' else '{}' end, 0`.execute(
    db,
  );
  await db.schema
    .alterTable('users')
    .addColumn('policy_id', 'text', (column) => column.references('policies.id'))
    .execute();
  await db.schema.createIndex('users_policy').on('users').column('policy_id').execute();
  await db.schema
    .createTable('calling_limits')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('limits', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('rates')
    .addColumn('prefix', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('per_minute_micros', 'bigint', (column) => column.notNull())
    .execute();
}

async function leases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('call_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('admitted_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('reserved_ms', 'bigint', (column) => column.notNull())
    .addColumn('per_minute_micros', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('used_ms', 'bigint')
    .execute();
  await db.schema.createIndex('leases_user').on('leases').columns(['user_id', 'expires_at']).execute();
  await db.schema.createIndex('leases_expiry').on('leases').column('expires_at').execute();
  await endWithTheRecord(db);
}

/**
 * The gateway's record of a call ends its lease: in the database itself, so that it does while the server is down.
 * On PostgreSQL with the rights of the server: the gateway's role may do no more than add records.
 */
async function endWithTheRecord(db: Kysely<unknown>): Promise<void> {
  const set = `UPDATE leases
    SET ended_at = coalesce(NEW.ended_at, admitted_at),
      used_ms = CASE WHEN NEW.answered_at < NEW.ended_at THEN NEW.ended_at - NEW.answered_at ELSE 0 END
    WHERE call_id = NEW.call_id;`;
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) {
    await sql
      .raw(`CREATE TRIGGER call_records_end_lease AFTER INSERT ON call_records BEGIN ${set} END`)
      .execute(db);
    return;
  }
  await sql
    .raw(`CREATE FUNCTION end_lease() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path FROM CURRENT AS $$ BEGIN ${set} RETURN NULL; END $$`)
    .execute(db);
  await sql
    .raw(`CREATE TRIGGER call_records_end_lease AFTER INSERT ON call_records
      FOR EACH ROW EXECUTE FUNCTION end_lease()`)
    .execute(db);
}
