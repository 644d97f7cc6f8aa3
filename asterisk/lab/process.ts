import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SetupError } from './places.ts';

/** One program of the lab. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves once the program does its work; asked right after it is started. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** Whether it is asked again all the time, and started anew when it hangs: alive, but deaf. */
  readonly watched?: boolean;
}

/** Called with each line that a program prints. */
export type LineListener = (program: string, line: string) => void;

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;
const RESTART_AFTER_MS = 1_000;
const KEPT_LINES = 30;
const WATCH_EVERY_MS = 10_000;
const HANGS_AFTER_MS = 10_000;

/** A program under supervision: whenever it ends by itself, it is started again. */
export class SupervisedProcess {
  readonly name: string;
  readonly #program: Program;
  readonly #log: WriteStream;
  readonly #logFile: string;
  readonly #onLine: LineListener;
  readonly #lastLines: string[] = [];
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  /** Only a program that has been ready once is started again. */
  #keepUp = false;

  /** @param logFile takes everything that the program prints */
  constructor(program: Program, logFile: string, onLine: LineListener) {
    this.name = program.name;
    this.#program = program;
    this.#logFile = logFile;
    this.#log = createWriteStream(logFile, { flags: 'w', mode: 0o600 });
    this.#onLine = onLine;
  }

  /** The program's own PID, or `undefined` while it is down. */
  get pid(): number | undefined {
    return isRunning(this.#child) ? this.#child?.pid : undefined;
  }

  /**
   * Starts it and waits until it is ready.
   * @throws SetupError with its last lines when it ends before, or is not ready within 30 s
   */
  async start(): Promise<void> {
    const child = this.#launch();
    const readiness = new AbortController();
    const deadline = setTimeout(() => readiness.abort(new Error('not ready within 30 s')), READY_WITHIN_MS);
    child.once('exit', (code, signal) =>
      readiness.abort(new Error(`it ended (${signal ?? `exit code ${code}`})`)),
    );
    child.once('error', (error) => readiness.abort(error));
    try {
      await Promise.race([this.#program.ready(readiness.signal), rejection(readiness.signal)]);
      this.#keepUp = true;
      if (this.#program.watched === true)
        this.#watch = setInterval(() => this.#endIfHanging(), WATCH_EVERY_MS);
    } catch (cause) {
      await this.stop();
      const said = this.#lastLines.map((line) => `    ${line}`).join('\n');
      throw new SetupError(
        `${this.name} did not start: ${cause instanceof Error ? cause.message : cause}\n${said}\n  All of it is in ${this.#logFile}.`,
      );
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Ends it for good: SIGTERM, and SIGKILL where that does nothing for 5 s. */
  async stop(): Promise<void> {
    this.#keepUp = false;
    clearTimeout(this.#restart);
    clearInterval(this.#watch);
    const child = this.#child;
    if (child !== undefined && isRunning(child)) {
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      child.kill('SIGTERM');
      await once(child, 'exit');
      clearTimeout(force);
    }
    this.#log.end();
  }

  #launch(): ChildProcess {
    const { command, args, env } = this.#program;
    // Its own process group: a Ctrl-C in the terminal is the lab's to act on, in order.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#take(line));
    }
    child.on('exit', (code, signal) => this.#startAgainIfWanted(signal ?? `exit code ${code}`));
    this.#child = child;
    return child;
  }

  #take(line: string): void {
    if (!this.#log.writableEnded) this.#log.write(`${line}\n`);
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
    this.#onLine(this.name, line);
  }

  /** Asterisk 22.10 can lock up for good with calls in it: it takes no signal then but SIGKILL. */
  async #endIfHanging(): Promise<void> {
    const child = this.#child;
    if (!isRunning(child)) return;
    const deadline = AbortSignal.timeout(HANGS_AFTER_MS);
    const answers = await Promise.race([this.#program.ready(deadline), rejection(deadline)]).then(
      () => true,
      () => false,
    );
    if (answers || !this.#keepUp || !isRunning(child)) return;
    this.#onLine('lab', `${this.name} has not answered for ${HANGS_AFTER_MS / 1000} s; ending it`);
    child?.kill('SIGKILL');
  }

  #startAgainIfWanted(how: string): void {
    if (!this.#keepUp) return;
    this.#onLine('lab', `${this.name} ended (${how}); starting it again`);
    this.#restart = setTimeout(() => this.#launch(), RESTART_AFTER_MS);
  }
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_done, failed) => {
    signal.addEventListener('abort', () => failed(signal.reason), { once: true });
  });
}
