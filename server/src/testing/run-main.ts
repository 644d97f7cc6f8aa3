import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

const main = new URL('../main.ts', import.meta.url).pathname;
const FIRST = 10_000;
const LAST = 20_000;

/** Starts the program itself, ended with the test. */
export function runMain(environment: Readonly<Record<string, string>>) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main], { env: { PATH, ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (piece) => {
      said.err += piece;
    });
    child.stdout.on('data', (piece) => {
      said.out += piece;
      if (said.out.includes('Server ready')) resolve();
    });
    child.once('close', () => reject(new Error(`It did not start: ${said.err}`)));
  });
  // Some tests want it not to start, and look at `ended`.
  ready.catch(() => {});
  return { child, said, ended, ready };
}

/**
 * Ports of pages whose followers (API, private listener) are free just now. They are below those that the system
 * gives out by itself, so that no connection of another test takes one meanwhile.
 */
export async function freePagePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const page = randomInt(FIRST / 10, LAST / 10) * 10;
    if ((await isFree(page + 1)) && (await isFree(page + 2))) found.add(page);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
