import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repo } from '../../asterisk/lab/places.ts';

const SIPP = join(repo, 'asterisk/lab/bin/sipp');
const SCENARIOS = join(import.meta.dirname, 'sipp');
const run = promisify(execFile);

/** A SIP account as SIPp uses it. */
export interface Account {
  readonly extension: string;
  readonly user: string;
  readonly password: string;
}

interface Load {
  readonly scenario: 'register' | 'call';
  readonly target: string;
  readonly times: number;
  readonly perSecond: number;
  /** File of {@link writeAccounts}. */
  readonly accounts: string;
}

/** Writes accounts for SIPp, which takes one after the other, again and again. */
export async function writeAccounts(file: string, accounts: readonly Account[]): Promise<void> {
  const lines = accounts.map(
    ({ extension, user, password }) => `${extension};[authentication username=${user} password=${password}];`,
  );
  await writeFile(file, `SEQUENTIAL\n${lines.join('\n')}\n`, { mode: 0o600 });
}

/**
 * Has SIPp play a scenario.
 * @throws Error when one of them does not go as it should
 */
export async function applyLoad({ scenario, target, times, perSecond, accounts }: Load): Promise<void> {
  const args = [target, '-sf', join(SCENARIOS, `${scenario}.xml`), '-inf', accounts];
  const rate = ['-m', String(times), '-r', String(perSecond), '-l', String(times)];
  const how = ['-i', '127.0.0.1', '-timeout', '60s', '-timeout_error', '-nostdin'];
  await run(SIPP, [...args, ...rate, ...how], { maxBuffer: 2 ** 26 }).catch((cause) => {
    const last = String(cause.stderr).trim().split('\n').slice(-3).join('\n');
    throw new Error(`the ${scenario} load on ${target} failed (exit code ${cause.code}): ${last}`);
  });
}

/** A carrier that answers every call. */
export async function startCarrier(host: string, port: number): Promise<() => Promise<void>> {
  const carrier = spawn(SIPP, ['-sn', 'uas', '-i', host, '-p', String(port), '-nostdin'], {
    stdio: 'ignore',
  });
  await once(carrier, 'spawn');
  return async () => {
    carrier.kill('SIGKILL');
    await once(carrier, 'exit');
  };
}

/** Linux counts processor time in hundredths of a second (`USER_HZ`). */
const TICK_MS = 10;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Milliseconds of processor time that a process has used, with all its threads (proc(5)). */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold spaces: the fields after it are counted.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MS;
}
