import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { portOf } from '../listen.ts';

const main = new URL('../main.ts', import.meta.url).pathname;
const HIGHEST = 65_000;

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

/** Ports of pages whose followers (API, private listener) are free just now. */
export async function freePagePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const page = await freePort();
    const free = await Promise.all([isFree(page + 1), isFree(page + 2)]);
    if (page < HIGHEST && free.every(Boolean) && found.every((other) => Math.abs(other - page) > 9))
      found.push(page);
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
