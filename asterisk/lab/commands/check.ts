import { join } from 'node:path';
import { run } from '../install/run.ts';
import { repo, SetupError } from '../places.ts';
import { step } from '../progress.ts';

const bin = (name: string) => join(repo, 'node_modules/.bin', name);

/** What is checked without running Handset, each by one well-kept tool. */
const CHECKS: readonly { readonly title: string; readonly command: readonly [string, ...string[]] }[] = [
  { title: 'Types', command: [bin('tsc'), '--project', '.'] },
  { title: 'Types of the softphone', command: [bin('tsc'), '--project', 'softphone'] },
  { title: 'Lint, format and boundaries', command: [bin('biome'), 'ci', '.'] },
];

/** @returns how many checks passed, and how many failed */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const outcomes = [];
  for (const { title, command } of CHECKS) outcomes.push(await passes(title, command));
  const failed = outcomes.filter((passed) => !passed).length;
  return { passed: outcomes.length - failed, failed };
}

async function passes(title: string, [command, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const lines: string[] = [];
  try {
    await step(title, () => run(command, args, { cwd: repo, onLine: (line) => lines.push(line) }));
    return true;
  } catch {
    process.stderr.write(`${lines.join('\n')}\n`);
    return false;
  }
}

/** `npm run check`. */
export async function check(): Promise<void> {
  const { failed } = await runChecks();
  if (failed > 0) throw new SetupError(`${failed} of ${CHECKS.length} checks failed.`);
}
