import { gatewayViews, type Settings } from '@handset/gateway-config';
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';
import { lockFor } from './write-lock.ts';

/** The gateway's own role on PostgreSQL: it reads the views, writes call records (and their legs), and nothing else. */
const GATEWAY_ROLE = 'handset_gateway';

/**
 * Replaces the views that the gateway reads, all in one transaction: a request in flight sees the old ones or
 * the new ones.
 */
export async function replaceGatewayViews({ db, dialect }: Database, settings: Settings): Promise<void> {
  const views = gatewayViews(dialect, settings);
  await db.transaction().execute(async (tx) => {
    await lockFor(tx, dialect, 'views');
    for (const { name } of views.toReversed()) await sql`drop view if exists ${sql.id(name)}`.execute(tx);
    for (const view of views) await sql.raw(view.sql).execute(tx);
    if (dialect === 'postgres')
      await grantToGateway(
        tx,
        views.map((view) => view.name),
      );
  });
}

/** Rights go with a dropped view; the role itself is made by whoever sets up PostgreSQL. */
async function grantToGateway(tx: Tx, views: readonly string[]): Promise<void> {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${GATEWAY_ROLE}`.execute(tx);
  if (rows.length === 0) return;
  const role = sql.id(GATEWAY_ROLE);
  await sql`grant select on ${sql.join(views.map((name) => sql.id(name)))} to ${role}`.execute(tx);
  await sql`grant insert on call_records, call_legs, call_ends to ${role}`.execute(tx);
}
