import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { StartError } from '../start-error.ts';
import type { Database } from './database.ts';
import { firstCall } from './migrations/0001-first-call.ts';
import { operators } from './migrations/0002-operators.ts';
import { numberStates } from './migrations/0003-number-states.ts';
import { policies } from './migrations/0004-policies.ts';
import { callRecords } from './migrations/0005-call-records.ts';
import { callQuality } from './migrations/0008-call-quality.ts';
import { bans } from './migrations/0010-bans.ts';
import { trunks } from './migrations/0011-trunks.ts';
import { callEnds } from './migrations/0012-call-ends.ts';
import { search } from './migrations/0013-search.ts';
import { callEndsInTurn } from './migrations/0014-call-ends-in-turn.ts';

/** In order; a migration that has been released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-call': firstCall,
  '0002-operators': operators,
  '0003-number-states': numberStates,
  '0004-policies': policies,
  '0005-call-records': callRecords,
  '0008-call-quality': callQuality,
  '0010-bans': bans,
  '0011-trunks': trunks,
  '0012-call-ends': callEnds,
  '0013-search': search,
  '0014-call-ends-in-turn': callEndsInTurn,
};

/**
 * Brings the database forward, under a lock: a second server that starts meanwhile waits.
 * @throws StartError for a database that a newer Handset has already changed, or that can't be reached
 */
export async function migrate({ db }: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const unknown = (await executed(db)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new StartError(
      `The database is from a newer Handset (it has ${unknown.join(', ')}); start that version, or restore a backup.`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function executed(db: Database['db']): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}
