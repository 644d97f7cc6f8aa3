import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SetupError, tools } from '../places.ts';
import { type DebianRoot, installDebianRoot, isInstalled } from './debian-root.ts';
import { buildPage } from './page.ts';
import { chromiumRoot, databaseRoot, firefoxRoot, labRoot, soundRoot } from './roots.ts';
import { dyingWithUs } from './run.ts';

/** Installs what is missing for the lab, and for the tests Chromium and its sound devices as well. */
export async function ensureInstalled({ browser }: { browser: boolean }): Promise<void> {
  await ensureRoots(browser ? [labRoot, chromiumRoot, soundRoot] : [labRoot]);
  await buildPage();
}

/** Installs Firefox, for the tests, where it is missing. */
export function ensureFirefox(): Promise<void> {
  return ensureRoots([firefoxRoot]);
}

/** Installs PostgreSQL, for the tests, where it is missing. */
export function ensurePostgres(): Promise<void> {
  return ensureRoots([databaseRoot]);
}

async function ensureRoots(roots: readonly DebianRoot[]): Promise<void> {
  assertRootsCanBeEntered();
  const missing: DebianRoot[] = [];
  for (const root of roots) if (!(await isInstalled(root))) missing.push(root);
  if (missing.length > 0) await installLocked(missing);
}

/** The command of cli.ts that installs roots, for {@link installLocked} alone. */
export const INSTALL_COMMAND = 'install-roots';

/** @param directories of the roots to install, where still missing */
export async function installRoots(directories: readonly string[]): Promise<void> {
  for (const root of [labRoot, chromiumRoot, soundRoot, firefoxRoot, databaseRoot]) {
    if (directories.includes(root.directory) && !(await isInstalled(root))) await installDebianRoot(root);
  }
}

/** Under the same lock as bootstrap.mjs: of two commands started at once, the second waits for the first. */
async function installLocked(roots: readonly DebianRoot[]): Promise<void> {
  const cli = join(import.meta.dirname, '..', 'cli.ts');
  const install = [process.execPath, cli, INSTALL_COMMAND, ...roots.map((root) => root.directory)];
  const { command, args } = dyingWithUs(['flock', join(tools, 'install.lock'), ...install]);
  const child = spawn(command, args, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  // It has said why itself.
  if (code !== 0) process.exit(1);
}

function assertRootsCanBeEntered(): void {
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  if (spawnSync('unshare', [...user, '--mount', 'true']).status === 0) return;
  throw new SetupError(
    process.getuid?.() === 0
      ? 'This machine does not let root make mount namespaces (a container without CAP_SYS_ADMIN?). Use `docker compose up` on its host.'
      : 'This machine does not let normal users make user namespaces. Run `sudo npm start`, or use `docker compose up`.',
  );
}
