import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError, tools } from '../places.ts';
import { run } from './run.ts';

export interface Debootstrap {
  readonly command: string;
  /** The suite script: older releases have none for the suite's own name, and `sid`'s serves for all. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

const SCRIPTS = 'usr/share/debootstrap';

/**
 * The host's debootstrap, or one unpacked into the tools directory. It is a shell script that needs
 * nothing installed but wget and gpgv.
 * @throws SetupError when it can't be had
 */
export async function findDebootstrap(): Promise<Debootstrap> {
  const host = installedIn('/');
  if (host !== undefined) return host;
  const own = join(tools, 'debootstrap');
  const unpacked = installedIn(own);
  if (unpacked !== undefined) return unpacked;
  if (!existsSync('/usr/bin/wget')) await installWget();
  await unpackInto(own);
  const found = installedIn(own);
  if (found === undefined)
    throw new SetupError(
      'debootstrap could not be unpacked. Install the package debootstrap, or use `docker compose up`.',
    );
  return found;
}

function installedIn(root: string): Debootstrap | undefined {
  const command = join(root, 'usr/sbin/debootstrap');
  if (!existsSync(command)) return undefined;
  return {
    command,
    script: join(root, SCRIPTS, 'scripts/sid'),
    env: { DEBOOTSTRAP_DIR: join(root, SCRIPTS) },
  };
}

async function installWget(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new SetupError('wget is missing. Install the package wget, or run this as root.');
  await run('apt-get', ['update']);
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'wget', 'ca-certificates']);
}

/** Downloads the package with lists of our own, so that neither root nor the host's lists are needed. */
async function unpackInto(directory: string): Promise<void> {
  const state = join(tools, 'apt');
  for (const place of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(state, place), { recursive: true });
  await mkdir(directory, { recursive: true });
  const options = [
    '-o',
    `Dir::State=${state}/state`,
    '-o',
    'Dir::State::status=/var/lib/dpkg/status',
    '-o',
    `Dir::Cache=${state}/cache`,
    '-o',
    'APT::Sandbox::User=',
  ];
  await run('apt-get', [...options, 'update']);
  await run('apt-get', [...options, 'download', 'debootstrap'], { cwd: state });
  for (const file of await readdir(state)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['--extract', join(state, file), directory]);
  }
  await rm(state, { recursive: true, force: true });
}
