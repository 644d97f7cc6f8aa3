import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../server/src/config.ts';
import { openDatabase } from '../../server/src/db/database.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { onPostgres, TEMPLATE } from '../../server/src/testing/postgres-database.ts';
import { startPostgres } from './postgres.ts';

/** Starts a PostgreSQL for one run of the server's tests, with a migrated database that each test's is copied from. */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  await onPostgres(postgres.url, `create database ${TEMPLATE}`);
  const url = new URL(postgres.url);
  url.pathname = `/${TEMPLATE}`;
  const data = await mkdtemp(join(tmpdir(), 'handset-template-'));
  const config = readConfig({ HANDSET_DATA: data, DATABASE_URL: url.href });
  await rm(data, { recursive: true });
  const database = openDatabase(config, () => {});
  await migrate(database);
  await database.close();
  process.env.HANDSET_TEST_DATABASE_URL = postgres.url;
  return postgres.stop;
}
