import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { environmentOf, readSettings } from '@handset/gateway-config';
import { secretsFile } from '../configuration.ts';
import { labOn } from '../lab.ts';
import { dataDirectory, repo, SetupError } from '../places.ts';

/** `npm run backup [-- FILE]`: copies the database, also while the lab runs. */
export async function backup(args: readonly string[]): Promise<void> {
  await work('backup', args);
}

/** `npm run restore -- FILE`: puts a backup in the database's place, while no lab runs on it. */
export async function restore(args: readonly string[]): Promise<void> {
  const owner = labOn(dataDirectory(readSettings(process.env)));
  if (owner !== undefined)
    throw new SetupError(
      `A lab (process ${owner}) runs on this data directory. Stop it first, then restore.`,
    );
  await work('restore', args);
}

/** The server knows its database: this is a program of its. */
async function work(what: 'backup' | 'restore', args: readonly string[]): Promise<void> {
  const settings = readSettings(process.env);
  const data = dataDirectory(settings);
  // npm goes to the checkout; a relative name is meant from where the person is.
  const files = args.map((file) => resolve(process.env.INIT_CWD ?? process.cwd(), file));
  const child = spawn(process.execPath, [join(repo, 'server/src/backup-main.ts'), what, ...files], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...environmentOf(settings),
      HANDSET_DATA: data,
      HANDSET_SECRETS: secretsFile(data),
    },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}
