import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';

interface ProcessInfo {
  readonly processInfo: readonly { readonly id: number }[];
}

/**
 * Lets a Chromium stand still as on a machine that sleeps, with all of its processes and for `ms` milliseconds at least.
 * What is sent to it meanwhile waits in its sockets, unless a relay in between does otherwise.
 * @param meanwhile is over before it goes on
 * @returns when it went on, in milliseconds since the epoch
 */
export async function sleepWith(
  browser: Browser,
  ms: number,
  meanwhile: () => Promise<void>,
): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as ProcessInfo;
  await session.detach();
  const pids = processInfo.map(({ id }) => id);
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of pids) kill(pid, signal);
  };
  tell('SIGSTOP');
  try {
    await Promise.all([delay(ms), meanwhile()]);
  } finally {
    tell('SIGCONT');
  }
  return Date.now();
}
