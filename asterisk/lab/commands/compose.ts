import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { dyingWithUs } from '../install/run.ts';
import { repo } from '../places.ts';
import type { Outcome } from './outcome.ts';

/** A stack of the tests' own, beside any other. */
const STACK = ['compose', '--project-name', 'handset-test'];
const ENVIRONMENT = { HANDSET_PORT: '18990', HANDSET_TURN_PORT: '18998', HANDSET_SUBNET: '10.213.81' };

/** Why the stack can't run here, in words, or `undefined` where it can. */
export function whyNoCompose(): string | undefined {
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) return 'no Docker engine answers here';
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status !== 0)
    return 'docker compose is missing';
  return undefined;
}

/** Builds the images, brings the stack up healthy, runs the SIPp suite in it and takes it down, volumes included. */
export async function testCompose(): Promise<Outcome> {
  try {
    if ((await docker(['build'])) !== 0 || (await docker(['up', '--detach', '--wait'])) !== 0) {
      await docker(['logs', '--tail', '20']);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const lines: string[] = [];
    const code = await docker(['--profile', 'test', 'run', '--rm', 'tests'], (line) => lines.push(line));
    return outcomeOf(lines, code);
  } finally {
    await docker(['--profile', 'test', 'down', '--volumes']);
  }
}

/** The line in which vitest counts: `Tests  1 failed | 60 passed | 22 skipped (83)`. */
const COUNTING_LINE = /^Tests +.*\(\d+\)$/;

function outcomeOf(lines: readonly string[], code: number | null): Outcome {
  const counts = lines
    .map((line) => stripVTControlCharacters(line).trim())
    .findLast((line) => COUNTING_LINE.test(line));
  const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(counts ?? '')?.[1] ?? 0);
  const failed = count('failed');
  // A run that ends without counting has failed, whatever it printed before.
  const broken = code !== 0 || counts === undefined;
  return { passed: count('passed'), failed: failed === 0 && broken ? 1 : failed, skipped: count('skipped') };
}

async function docker(args: readonly string[], onLine?: (line: string) => void): Promise<number | null> {
  const bound = dyingWithUs(['docker', ...STACK, ...args]);
  const child = spawn(bound.command, bound.args, {
    cwd: repo,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', onLine === undefined ? 'inherit' : 'pipe', 'inherit'],
  });
  if (onLine !== undefined && child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`);
      onLine(line);
    });
  }
  const [code] = await once(child, 'close');
  return code;
}
