import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SetupError } from '../places.ts';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with each line that the program prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** The command, such that it gets SIGTERM when this process dies however that comes. */
export function dyingWithUs(command: readonly string[]): { command: string; args: string[] } {
  return { command: 'setpriv', args: ['--pdeathsig', 'SIGTERM', '--', ...command] };
}

const KEPT_LINES = 40;

/**
 * Runs a set-up program to its end.
 * @throws SetupError with the program's last lines when it can't be started or fails
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  return new Promise((done, failed) => {
    const bound = dyingWithUs([command, ...args]);
    const child = spawn(bound.command, bound.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        options.onLine?.(line);
      });
    }
    child.on('error', () =>
      failed(
        new SetupError(`\`${command}\` could not be started. Install it, or use \`docker compose up\`.`),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) done();
      else
        failed(
          new SetupError(
            `\`${command}\` failed (exit code ${code}):\n${lines.map((line) => `    ${line}`).join('\n')}`,
          ),
        );
    });
  });
}
