import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Scopes of API keys, the audit log, and replies kept for `Idempotency-Key`. */
export const operators: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await apiKeys(db);
    await auditLog(db);
    await idempotencyKeys(db);
  },
};

async function apiKeys(db: Kysely<unknown>): Promise<void> {
  // The keys of before could do all.
  await db.schema
    .alterTable('api_keys')
    .addColumn('scopes', 'text', (column) => column.notNull().defaultTo('admin'))
    .execute();
  await db.schema.alterTable('api_keys').addColumn('revoked_at', 'bigint').execute();
}

async function auditLog(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_log')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .execute();
  const index = (name: string, ...first: string[]) =>
    db.schema
      .createIndex(name)
      .on('audit_log')
      .columns([...first, 'at', 'id'])
      .execute();
  await index('audit_log_at');
  await index('audit_log_subject', 'subject');
}

async function idempotencyKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('reply', 'text')
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['actor_id', 'key'])
    .execute();
  await db.schema
    .createIndex('idempotency_keys_created')
    .on('idempotency_keys')
    .column('created_at')
    .execute();
}
