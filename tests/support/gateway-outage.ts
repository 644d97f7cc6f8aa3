import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AsteriskConsole } from './asterisk.ts';
import type { LabUnderTest } from './lab.global.ts';
import { until } from './until.ts';

const LOOK_AGAIN_MS = 50;

/** Kills the lab's gateway, which the lab then starts again. `data` is the lab's directory. */
export function killGateway(data: string): void {
  kill(gatewayOf(data));
}

/**
 * The same, and kills it again whenever the lab starts it, before it can listen.
 * @returns what lets the lab start it again
 */
export function keepGatewayDown(data: string): () => void {
  let killed = gatewayOf(data);
  kill(killed);
  const timer = setInterval(() => {
    const pid = gatewayOf(data);
    if (pid === killed) return;
    killed = pid;
    kill(pid);
  }, LOOK_AGAIN_MS);
  return () => clearInterval(timer);
}

/** The process that was started last; it may be gone. */
function gatewayOf(data: string): number | undefined {
  const file = join(data, 'run/gateway/asterisk.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** Zero would be this process and all of its group. */
function kill(pid: number | undefined): void {
  if (pid && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
}

/**
 * When the gateway that was killed first answers at its WebSocket's address again (426: it is for WebSockets
 * alone), in milliseconds since the epoch. The carrier's calls with the killed one are then ended: it would send their
 * sound for a minute more, to ports that calls of other tests may have by then.
 */
export async function acceptsAgain({ url, data }: Pick<LabUnderTest, 'url' | 'data'>): Promise<number> {
  const isUp = async () => {
    const response = await fetch(`${url}/ws`).catch(() => undefined);
    return response !== undefined && response.status < 500;
  };
  await until('the gateway to go', async () => !(await isUp()) || undefined);
  const at = await until('the gateway to accept', async () => ((await isUp()) ? Date.now() : undefined));
  await new AsteriskConsole(data, 'pstn').run('channel request hangup all');
  return at;
}
