import { readdirSync, readFileSync } from 'node:fs';

const LOOK_AGAIN_MS = 50;

/**
 * Kills the lab's server, and kills it again whenever the lab starts it, before it can listen.
 * @param data directory of the lab
 * @returns what lets the lab start it again
 */
export function keepServerDown(data: string): () => void {
  const kill = () => {
    for (const pid of serversOf(data)) process.kill(pid, 'SIGKILL');
  };
  kill();
  const timer = setInterval(kill, LOOK_AGAIN_MS);
  return () => clearInterval(timer);
}

function serversOf(data: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => read(pid, 'cmdline').includes('server/src/main.ts'))
    .filter((pid) => read(pid, 'environ').split('\0').includes(`HANDSET_DATA=${data}`));
}

function read(pid: number, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
