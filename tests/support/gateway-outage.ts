import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

const LOOK_AGAIN_MS = 50;

/** Kills the lab's gateway, which the lab then starts again. `data` is the lab's directory. */
export async function killGateway(data: string): Promise<void> {
  process.kill(await gatewayOf(data), 'SIGKILL');
}

/**
 * The same, and kills it again whenever the lab starts it, before it can listen.
 * @returns what lets the lab start it again
 */
export async function keepGatewayDown(data: string): Promise<() => void> {
  let killed = await gatewayOf(data);
  process.kill(killed, 'SIGKILL');
  const timer = setInterval(async () => {
    const pid = await gatewayOf(data).catch(() => 0);
    if (pid === 0 || pid === killed) return;
    killed = pid;
    process.kill(pid, 'SIGKILL');
  }, LOOK_AGAIN_MS);
  return () => clearInterval(timer);
}

async function gatewayOf(data: string): Promise<number> {
  return Number(await readFile(join(data, 'run/gateway/asterisk.pid'), 'utf8'));
}

/**
 * When the gateway that was killed first answers at its WebSocket's address again (426: it is for WebSockets
 * alone), in milliseconds since the epoch.
 */
export async function acceptsAgain({ url }: { readonly url: string }): Promise<number> {
  const isUp = async () => {
    const response = await fetch(`${url}/ws`).catch(() => undefined);
    return response !== undefined && response.status < 500;
  };
  await until('the gateway to go', async () => !(await isUp()) || undefined);
  return until('the gateway to accept', async () => ((await isUp()) ? Date.now() : undefined));
}
