import { join, resolve } from 'node:path';
import { readConfig, type ServerConfig } from './config.ts';
import { backUp, restore } from './db/backup.ts';
import { StartError } from './start-error.ts';

/** `backup-main.ts backup [FILE]` and `backup-main.ts restore FILE`: `npm run backup`, `npm run restore`. */
async function main([what, given]: readonly string[]): Promise<string> {
  process.umask(0o077);
  const config = readConfig(process.env);
  const { DATABASE_URL, HANDSET_DATA } = config.settings;
  const file = resolve(given ?? defaultFile(HANDSET_DATA, DATABASE_URL === undefined ? 'db' : 'dump'));
  if (DATABASE_URL !== undefined) throw new StartError(inPostgres(what, file, DATABASE_URL));
  if (what === 'backup') {
    await backUp(config.sqliteFile, file);
    return `The database is in ${file}. Keep it safe: it holds passwords of trunks and digests of all others.`;
  }
  if (what !== 'restore' || given === undefined)
    throw new StartError('Say which file to restore: npm run restore -- FILE');
  return restored(file, config);
}

async function restored(file: string, { sqliteFile }: ServerConfig): Promise<string> {
  const replaced = await restore(file, sqliteFile);
  const aside = replaced === undefined ? '' : ` What was there before is in ${replaced}.`;
  return `${file} is restored; npm start brings it up.${aside}`;
}

function defaultFile(data: string, type: 'db' | 'dump'): string {
  return join(data, 'backups', `handset-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.${type}`);
}

function inPostgres(what: string | undefined, file: string, address: string): string {
  const url = new URL(address);
  url.password = '';
  const command =
    what === 'backup'
      ? `pg_dump --format=custom --file=${quoted(file)} ${quoted(url.href)}`
      : `pg_restore --clean --if-exists --no-owner --dbname=${quoted(url.href)} ${quoted(file)}`;
  return `The database is PostgreSQL, which has tools of its own (they ask for the password):\n\n  ${command}\n`;
}

/** For a shell, whatever is in it: an address has `?` and `&`. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

try {
  process.stdout.write(`\n  ${await main(process.argv.slice(2))}\n\n`);
} catch (error) {
  const said =
    error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\nhandset: ${said}\n`);
  process.exit(1);
}
