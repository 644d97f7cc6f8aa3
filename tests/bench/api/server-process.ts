import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { portPlan } from '@handset/gateway-config';
import { repo } from '../../../asterisk/lab/places.ts';

/** The server as a program of its own. */
export interface ServerProcess {
  readonly api: string;
  readonly internal: string;
  readonly apiKey: string;
  readonly internalKey: string;
  /** From its start until it answers, in ms. */
  readonly startMs: number;
  /** Its memory now, in MB. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** @throws Error with what it printed where it does not start */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const { PATH = '' } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, [join(repo, 'server/src/main.ts')], {
    env: { PATH, HANDSET_LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await ready(child);
  const startMs = performance.now() - began;
  const { apiKey, internal: internalKey } = JSON.parse(
    await readFile(join(environment.HANDSET_DATA ?? '', 'secrets.json'), 'utf8'),
  );
  const { api, internal } = portPlan(Number(environment.HANDSET_PORT));
  return {
    api: `http://127.0.0.1:${api}`,
    internal: `http://127.0.0.1:${internal}`,
    apiKey,
    internalKey,
    startMs,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6;
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece) => {
        if (said.length < 10_000) said += piece;
        if (said.includes('Server ready')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`The server did not start: ${said}`)));
  });
}
