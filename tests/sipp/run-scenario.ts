import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { debianRoot, repo } from '../../asterisk/lab/places.ts';
import { parseTrace, type SipMessage } from './trace.ts';

export interface Address {
  readonly address: string;
  readonly port: number;
}

/** One run of one scenario of `scenarios/`. */
export interface Scenario {
  /** Its file's name without `.xml`. */
  readonly name: string;
  /** Where SIPp listens and sends from. */
  readonly at: Address;
  /** Whom it calls; not for the called side. */
  readonly to?: Address;
  /** Values of the scenario's `[keys]`. */
  readonly keys?: Readonly<Record<string, string | number>>;
  /** Length of the scenario's pause, in milliseconds. */
  readonly pauseMs?: number;
  readonly calls?: number;
  /** New calls a second. */
  readonly rate?: number;
  /** A message that the scenario does not expect yet is as good as lost, and comes again, in place of a failure. */
  readonly patient?: boolean;
  /** UDP where it is not given. */
  readonly over?: 'tcp' | { readonly certificate: string; readonly key: string };
}

/** A scenario did not go as written; the message says where SIPp's trace and complaints are. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

const ALL_KEYS = {
  extension: '',
  user: 'sipp',
  password: '',
  expires: 60,
  dialed: '',
  caller: 'sipp',
  name: 'SIPp',
  rtp: 9,
  target: '',
  from: '',
  // A line that is not empty, which would end the headers.
  extra: 'Supported: 100rel',
  realm: 'carrier.example',
  algorithm: 'MD5',
  contact_params: '',
  profile: 'RTP/AVP',
  media_line: 'a=sendrecv',
};
const WITHIN_SECONDS = 40;

/** A scenario that is under way. */
export interface ScenarioRun {
  /** Resolves to all messages that SIPp sent and received, once every call went as written. */
  readonly done: Promise<readonly SipMessage[]>;
  /** Resolves once SIPp takes messages. */
  listening(): Promise<void>;
  /** Resolves to the first message so far, or yet to come, that `wanted` holds for. */
  message(wanted: (message: SipMessage) => boolean): Promise<SipMessage>;
  stop(): void;
}

/**
 * Runs a scenario with SIPp.
 * @param directory takes SIPp's trace and complaints
 */
export async function runScenario(scenario: Scenario, directory: string): Promise<ScenarioRun> {
  await mkdir(directory, { recursive: true });
  const trace = join(directory, `${scenario.name}-${scenario.at.port}.messages.log`);
  const complaints = join(directory, `${scenario.name}-${scenario.at.port}.errors.log`);
  const file = await scenarioFile(scenario, directory);
  const child = spawn(sippCommand(), sippArguments(scenario, file, trace, complaints), {
    cwd: directory,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const done = exited.then(async ([code, signal]) => {
    if (code === 0) return parseTrace(await readFile(trace, 'utf8'));
    const complaint = existsSync(complaints) ? await readFile(complaints, 'utf8') : '';
    throw new ScenarioError(
      `${scenario.name} failed (${code ?? signal}). SIP trace: ${trace}\n${complaint.slice(0, 2_000)}`,
    );
  });
  // Whoever awaits `done` later gets the error; until then it is not an unhandled one.
  done.catch(() => {});
  return {
    done,
    listening: async () => {
      while (!(await isBound(scenario))) {
        if (child.exitCode !== null) throw new ScenarioError(`${scenario.name} ended before it listened`);
        await delay(10);
      }
    },
    message: async (wanted) => {
      for (;;) {
        const ended = child.exitCode !== null || child.signalCode !== null;
        const found = (existsSync(trace) ? parseTrace(await readFile(trace, 'utf8')) : []).find(wanted);
        if (found !== undefined) return found;
        if (ended)
          throw new ScenarioError(`${scenario.name} ended without that message. SIP trace: ${trace}`);
        await delay(10);
      }
    },
    stop: () => child.kill('SIGKILL'),
  };
}

function sippCommand(): string {
  const own = join(repo, 'asterisk/lab/bin/sipp');
  return process.env.HANDSET_SIPP ?? (existsSync(debianRoot) ? own : 'sipp');
}

/** SIPp takes no key in a status line: a scenario with `[status]` is run from a copy with the status in its place. */
async function scenarioFile({ name, keys }: Scenario, directory: string): Promise<string> {
  const file = join(import.meta.dirname, 'scenarios', `${name}.xml`);
  const status = keys?.status;
  if (status === undefined) return file;
  const copy = join(directory, `${name}-${status}.xml`);
  await writeFile(copy, (await readFile(file, 'utf8')).replaceAll('[status]', String(status)));
  return copy;
}

function sippArguments(scenario: Scenario, file: string, trace: string, complaints: string): string[] {
  const { at, to, calls = 1, rate = 10, pauseMs = 0 } = scenario;
  const options: Readonly<Record<string, string | number>> = {
    sf: file,
    i: at.address,
    p: at.port,
    mi: at.address,
    m: calls,
    r: rate,
    l: calls,
    d: pauseMs,
    timeout: WITHIN_SECONDS,
    message_file: trace,
    error_file: complaints,
  };
  const keys = Object.entries({ ...ALL_KEYS, ...scenario.keys });
  return [
    ...(to === undefined ? [] : [`${to.address}:${to.port}`]),
    ...Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]),
    ...transportArguments(scenario.over),
    ...(scenario.patient ? ['-default_behaviors', 'none'] : []),
    ...['-timeout_error', '-nostdin', '-trace_msg', '-trace_err'],
    ...keys.flatMap(([key, value]) => ['-key', key, String(value)]),
  ];
}

function transportArguments(over: Scenario['over']): string[] {
  if (over === undefined) return [];
  if (over === 'tcp') return ['-t', 't1'];
  return ['-t', 'l1', '-tls_cert', over.certificate, '-tls_key', over.key];
}

/** Whether a socket is bound there, as `/proc/net/udp` has it (both in hexadecimal, the address reversed). */
async function isBound({ at: { address, port }, over }: Scenario): Promise<boolean> {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2));
  const local = `${bytes.reverse().join('')}:${hex(port, 4)}`;
  return (await readFile(over === undefined ? '/proc/net/udp' : '/proc/net/tcp', 'utf8')).includes(
    ` ${local} `,
  );
}
