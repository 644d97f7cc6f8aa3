import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The carriers, what the gateway reads of them, and the calls that each has been given. */
export const trunks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await trunkTable(db);
    await forTheGateway(db);
    await leases(db);
    await db.schema.alterTable('call_records').addColumn('attempts', sql`varchar(512)`).execute();
  },
};

async function trunkTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('trunks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('enabled', 'bigint', (column) => column.notNull())
    .addColumn('from_settings', 'bigint', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('password', 'text')
    .addColumn('ha1', 'text')
    .addColumn('resolved', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  // The one trunk of before: its hosts follow the settings (at each start, and so at the first one, too) until
  // somebody says otherwise.
  await sql`insert into trunks (id, name, kind, enabled, from_settings, settings, resolved, created_at)
    values ('trunk', 'Carrier', 'address', 1, 1, ${JSON.stringify(FIRST)}, '[]', 0)`.execute(db);
}

const FIRST = {
  hosts: [],
  codecs: ['g722', 'pcmu', 'pcma'],
  callerIdHeader: 'both',
  trustsPai: true,
  // As it was: not every carrier answers these.
  optionsIntervalSeconds: 0,
};

async function forTheGateway(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('gateway_config')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('cat_metric', 'integer', (column) => column.notNull())
    .addColumn('var_metric', 'integer', (column) => column.notNull())
    .addColumn('filename', sql`varchar(64)`, (column) => column.notNull())
    .addColumn('category', sql`varchar(128)`, (column) => column.notNull())
    .addColumn('var_name', sql`varchar(128)`, (column) => column.notNull())
    .addColumn('var_val', sql`varchar(512)`, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('emergency_routes')
    .addColumn('position', 'integer', (column) => column.primaryKey())
    .addColumn('trunk_id', sql`varchar(64)`, (column) => column.notNull())
    .addColumn('target', sql`varchar(300)`, (column) => column.notNull())
    .addColumn('form', sql`varchar(16)`, (column) => column.notNull())
    .addColumn('home', sql`varchar(16)`, (column) => column.notNull())
    .addColumn('national_prefix', sql`varchar(16)`, (column) => column.notNull())
    .addColumn('international_prefix', sql`varchar(16)`, (column) => column.notNull())
    .execute();
}

async function leases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('trunk_leases')
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('trunk_id', 'text', (column) => column.notNull())
    .addColumn('taken_at', 'bigint', (column) => column.notNull())
    .addColumn('left_at', 'bigint')
    .addPrimaryKeyConstraint('trunk_leases_pkey', ['call_id', 'trunk_id'])
    .execute();
  await db.schema
    .createIndex('trunk_leases_trunk')
    .on('trunk_leases')
    .columns(['trunk_id', 'taken_at'])
    .execute();
}
