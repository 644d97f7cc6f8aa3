import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../asterisk/lab/install/run.ts';
import { pageDirectory, postgresRoot, repo } from '../../asterisk/lab/places.ts';

const BIN = '/usr/lib/postgresql/18/bin';
const CLUSTER = '/handset/cluster';
/** `nobody`: what `enter.sh` makes of root, since PostgreSQL does not run as root. */
const UNPRIVILEGED = 65_534;
/** A crash of the machine may lose all of it: nothing is waited for to be on the disk. */
const FORGETFUL = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => [
  '-c',
  `${name}=off`,
]);
const LIMITS = ['-c', 'max_connections=300', '-c', 'listen_addresses='];

/** A PostgreSQL of its own, in the private root, which listens on a socket in a directory that only its owner enters. */
export interface Postgres {
  /** Address of its database `postgres`, as its superuser. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Makes a cluster and starts it. @throws Error where it does not come up */
export async function startPostgres(): Promise<Postgres> {
  const data = await mkdtemp(join(tmpdir(), 'handset-pg-'));
  if (process.getuid?.() === 0) await chown(data, UNPRIVILEGED, UNPRIVILEGED);
  try {
    const initdb = ['-D', CLUSTER, '-U', 'handset', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'];
    const [sh, ...args] = inRoot(data, `${BIN}/initdb`, ...initdb, '--no-sync', '--no-instructions');
    await run(sh, args, { env: { ENTER_AS: 'user' } });
    const server = await listening(data);
    return {
      url: `postgres://handset@localhost/postgres?host=${encodeURIComponent(data)}`,
      async stop() {
        server.kill('SIGINT');
        if (server.exitCode === null) await once(server, 'exit');
        await rm(data, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}

function inRoot(data: string, ...command: readonly string[]): [string, ...string[]] {
  return ['/bin/sh', join(repo, 'asterisk/lab/enter.sh'), postgresRoot, data, pageDirectory, ...command];
}

/** Starts the server of a cluster, and waits until it takes connections. */
async function listening(data: string): Promise<ChildProcess> {
  const [sh, ...args] = inRoot(
    data,
    `${BIN}/postgres`,
    ...['-D', CLUSTER, '-k', '/handset', ...LIMITS, ...FORGETFUL],
  );
  const server = spawn(sh, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ENTER_AS: 'user' },
  });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)));
  });
  return server;
}
