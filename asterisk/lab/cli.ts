import { SettingsError } from '@handset/gateway-config';
import { INSTALL_COMMAND, installRoots } from './install/index.ts';
import { SetupError } from './places.ts';

/** Each loads its own command: `npm run ring` needs nothing of the tests. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  start: async () => (await import('./commands/start.ts')).start(),
  ring: async (args) => (await import('./commands/ring.ts')).ring(args),
  backup: async (args) => (await import('./commands/backup.ts')).backup(args),
  restore: async (args) => (await import('./commands/backup.ts')).restore(args),
  check: async () => (await import('./commands/check.ts')).check(),
  test: async (args) => (await import('./commands/test.ts')).test(args),
  bench: async (args) => (await import('./commands/bench.ts')).bench(args),
  [INSTALL_COMMAND]: installRoots,
};

const [name = 'start', ...args] = process.argv.slice(2);
const command = commands[name];
try {
  if (command === undefined)
    throw new SetupError(
      `There is no command ${name}. There are: start, ring, backup, restore, check, test, bench.`,
    );
  await command(args);
} catch (fault) {
  const forPeople = fault instanceof SetupError || fault instanceof SettingsError;
  process.stderr.write(
    `\nhandset: ${forPeople ? fault.message : fault instanceof Error ? fault.stack : fault}\n`,
  );
  process.exitCode = 1;
}
