import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureFirefox, ensureInstalled, ensurePostgres } from '../install/index.ts';
import { dyingWithUs } from '../install/run.ts';
import { repo, SetupError, tools } from '../places.ts';
import { runChecks } from './check.ts';
import { testCompose, whyNoCompose } from './compose.ts';
import { inNewNetwork, whyNoNetworks } from './network.ts';
import { closingLine, type Outcome } from './outcome.ts';

const PARTS = ['check', 'unit', 'postgres', 'sipp', 'e2e', 'firefox', 'network', 'compose'] as const;
type Part = (typeof PARTS)[number];
const isPart = (word: string): word is Part => (PARTS as readonly string[]).includes(word);

/**
 * Parts in one list run one after the other, lists side by side. SIPp mostly waits, for telephones ringing and
 * the like; the browser tests come last and alone: they listen to sound, which needs a machine that keeps up.
 */
const STAGES: readonly (readonly (readonly Part[])[])[] = [
  [['check', 'unit', 'postgres'], ['sipp']],
  [['e2e', 'firefox', 'network']],
  [['compose']],
];

/**
 * `npm test [-- PART… [VITEST OPTION…]]`: sets up what is missing, then runs the parts; when none is named, all but
 * those of `BY_NAME`.
 * Its last line counts them: `N passed, N failed`, and `, N skipped` where some were.
 */
export async function test(args: readonly string[]): Promise<void> {
  const named = args.filter(isPart);
  const options = { named, vitest: args.filter((word) => !isPart(word)) };
  const parts = named.length === 0 ? PARTS : PARTS.filter((part) => named.includes(part));
  const inBrowser = parts.some((part) => part === 'e2e' || part === 'firefox' || part === 'network');
  if (inBrowser || parts.includes('sipp')) await ensureInstalled({ browser: inBrowser });
  if (named.includes('firefox')) await ensureFirefox();
  if (parts.includes('postgres')) await ensurePostgres();
  const outcomes: Outcome[] = [];
  for (const lanes of STAGES) {
    const wanted = lanes
      .map((lane) => lane.filter((part) => parts.includes(part)))
      .filter((lane) => lane.length > 0);
    const [shown, ...held] = wanted;
    if (shown === undefined) continue;
    const others = held.map((lane) => runLane(lane, options, 'hold'));
    outcomes.push(...(await runLane(shown, options, 'show')));
    outcomes.push(...(await Promise.all(others)).flat());
  }
  process.stdout.write(`\n${closingLine(outcomes)}\n`);
  if (outcomes.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  success: z.boolean(),
});

interface Options {
  /** The parts that were asked for by name. */
  readonly named: readonly Part[];
  /** Words for vitest. */
  readonly vitest: readonly string[];
}

/** What a lane prints is shown as it comes, or held back until the part is done: two would be unreadable. */
type Output = 'show' | 'hold';

async function runLane(lane: readonly Part[], options: Options, output: Output): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of lane) {
    if (output === 'show') process.stdout.write(heading(part));
    outcomes.push(await runPart(part, options, output));
  }
  return outcomes;
}

async function runPart(part: Part, { named, vitest }: Options, output: Output): Promise<Outcome> {
  if (part === 'check') return { ...(await runChecks()), skipped: 0 };
  const what = BY_NAME[part];
  if (what !== undefined && !named.includes(part))
    return skip(what, `it takes minutes; ask for it: npm test -- ${part}`);
  const obstacle = OBSTACLES[part]?.();
  if (obstacle !== undefined) return skip(what ?? part, obstacle);
  return part === 'compose' ? await testCompose() : await runVitest(part, vitest, output);
}

/** Parts that run only when they are asked for. */
const BY_NAME: Readonly<Partial<Record<Part, string>>> = {
  firefox: 'the core of the browser tests in Firefox',
  network: 'routers and NAT',
  compose: 'the stack in containers',
};

/** What tells why a part can't run on this machine. */
const OBSTACLES: Readonly<Partial<Record<Part, () => string | undefined>>> = {
  network: whyNoNetworks,
  compose: whyNoCompose,
};

function skip(what: string, why: string): Outcome {
  process.stdout.write(`  Skipped: ${what} (${why})\n`);
  return { passed: 0, failed: 0, skipped: 1 };
}

const heading = (part: Part) => `\n── ${part} ──\n`;

async function runVitest(
  part: Exclude<Part, 'check' | 'compose'>,
  options: readonly string[],
  output: Output,
): Promise<Outcome> {
  const reportFile = join(tools, 'reports', `${part}-${process.pid}.json`);
  await mkdir(join(tools, 'reports'), { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const vitest = [
    ...(part === 'network' ? inNewNetwork : []),
    process.execPath,
    join(repo, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    part,
  ];
  const code = await runToEnd([...vitest, ...reporters, ...options], output, heading(part));
  const text = await readFile(reportFile, 'utf8').catch(() => {
    throw new SetupError(`The ${part} tests did not run to their end (exit code ${code}).`);
  });
  await rm(reportFile);
  const { numPassedTests, numFailedTests, numPendingTests } = report.parse(JSON.parse(text));
  // A suite that can't even be loaded counts no test as failed, and fails the run all the same.
  const failed = numFailedTests === 0 && code !== 0 ? 1 : numFailedTests;
  return { passed: numPassedTests, failed, skipped: numPendingTests };
}

/** @returns the exit code */
async function runToEnd(program: readonly string[], output: Output, title: string): Promise<number | null> {
  const { command, args } = dyingWithUs(program);
  const child = spawn(command, args, {
    cwd: repo,
    stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const held: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => held.push(chunk));
  const stop = () => child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  const [code] = await once(child, 'close');
  process.off('SIGTERM', stop);
  if (output === 'hold') process.stdout.write(Buffer.concat([Buffer.from(title), ...held]));
  return code;
}
