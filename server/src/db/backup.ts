import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup as copyOnline, DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { migrations } from './migrate.ts';

/** All pages in one step: writers go on beside it, and none can make it begin anew. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies a database whole while others write to it: the copy is as the database was at one moment. It holds what signs in
 * and what carriers take (digests, passwords of trunks), and is for its owner alone (mode 600).
 * @throws StartError where there is no database, or the file is there already
 */
export async function backUp(database: string, file: string): Promise<void> {
  if (!existsSync(database)) throw new StartError(`There is no database ${database}.`);
  if (existsSync(file)) throw new StartError(`${file} is there already; a backup overwrites nothing.`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await copyWhole(database, file);
}

/**
 * Puts a backup in the place of a database. What was there stays beside it.
 * @returns where the replaced database is; `undefined` where there was none
 * @throws StartError for a file that is no whole Handset database, or that of a newer Handset
 */
export async function restore(file: string, database: string): Promise<string | undefined> {
  mustBeOurs(file);
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  const coming = `${database}.restoring`;
  rmSync(coming, { force: true });
  await copyWhole(file, coming);
  const replaced = existsSync(database) ? setAside(database) : undefined;
  renameSync(coming, database);
  return replaced;
}

async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await copyOnline(source, partial, { rate: ALL_PAGES });
    chmodSync(partial, 0o600);
    asOneFile(partial);
    renameSync(partial, to);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    source.close();
  }
}

/** Without a journal beside it, and whole. */
function asOneFile(file: string): void {
  const copy = new DatabaseSync(file);
  try {
    copy.exec('pragma journal_mode = delete');
    const [found] = copy.prepare('pragma integrity_check').all();
    if (found?.integrity_check !== 'ok')
      throw new StartError(`${file} is damaged: ${found?.integrity_check}.`);
  } finally {
    copy.close();
  }
}

/** @throws StartError saying what is wrong with the file */
function mustBeOurs(file: string): void {
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`);
  const names = migrationsIn(file);
  if (names === undefined) throw new StartError(`${file} is no database of Handset.`);
  const unknown = names.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new StartError(
      `${file} is from a newer Handset (it has ${unknown.join(', ')}); restore it with that.`,
    );
  }
}

function migrationsIn(file: string): string[] | undefined {
  let opened: DatabaseSync | undefined;
  try {
    opened = new DatabaseSync(file, { readOnly: true });
    const rows = opened.prepare('select name from kysely_migration order by name').all();
    return rows.length > 0 ? rows.map(({ name }) => String(name)) : undefined;
  } catch {
    return undefined;
  } finally {
    opened?.close();
  }
}

/** @returns its new name */
function setAside(database: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${database}.replaced-${stamp}`;
  // What is in the journal belongs to it, too. One that can't be read is kept as it is.
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(database + suffix)) renameSync(database + suffix, aside + suffix);
  }
  return aside;
}
