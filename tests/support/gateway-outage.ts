import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

/** Kills the lab's gateway, which the lab then starts again. `data` is the lab's directory. */
export async function killGateway(data: string): Promise<void> {
  process.kill(Number(await readFile(join(data, 'run/gateway/asterisk.pid'), 'utf8')), 'SIGKILL');
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
