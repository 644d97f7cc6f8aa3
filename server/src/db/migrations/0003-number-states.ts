import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What state a number is in, and until when. */
export const numberStates: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const add = (name: string, type: 'text' | 'bigint') =>
      db.schema.alterTable('numbers').addColumn(name, type).execute();
    await db.schema
      .alterTable('numbers')
      .addColumn('state', 'text', (column) => column.notNull().defaultTo('available'))
      .execute();
    await add('state_until', 'bigint');
    await add('reserved_for', 'text');
    await sql`update numbers set state = 'assigned' where user_id is not null`.execute(db);
    await db.schema.createIndex('numbers_state').on('numbers').columns(['state', 'e164']).execute();
    await db.schema.createIndex('numbers_until').on('numbers').column('state_until').execute();
  },
};
