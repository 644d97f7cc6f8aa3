import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AsteriskConsole } from './asterisk.ts';
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
 * When the gateway that was killed first takes a WebSocket for SIP again, in milliseconds since the epoch. A while before, it
 * answers that it knows no such address (404), or no such protocol (400).
 */
export async function acceptsAgain({ url }: { readonly url: string }): Promise<number> {
  const address = `${url.replace(/^http/, 'ws')}/ws`;
  await until('the gateway to go', async () => !(await accepts(address)) || undefined);
  return until('the gateway to accept', async () => ((await accepts(address)) ? Date.now() : undefined));
}

/**
 * Ends the carrier's calls, of which it would not know that their gateway was killed: it would send their sound for a minute
 * more, to ports that calls of other tests may have by then.
 */
export async function endCallsAtCarrier(data: string): Promise<void> {
  await new AsteriskConsole(data, 'pstn').run('channel request hangup all');
}

async function accepts(address: string): Promise<boolean> {
  const socket = new WebSocket(address, 'sip');
  const opened = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    socket.addEventListener('error', () => resolve(false));
  });
  socket.close();
  return opened;
}
