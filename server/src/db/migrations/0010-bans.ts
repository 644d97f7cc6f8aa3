import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Addresses that the gateway refuses for a while. */
export const bans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('bans')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('failures', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('bans_address_unique', ['address'])
      .execute();
    await db.schema.createIndex('bans_created').on('bans').columns(['created_at', 'id']).execute();
    await db.schema.createIndex('bans_expiry').on('bans').column('expires_at').execute();
  },
};
