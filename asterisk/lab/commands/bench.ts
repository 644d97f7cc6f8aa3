import { ensureInstalled, ensurePostgres } from '../install/index.ts';

/** `npm run bench`: sets up what is missing, then measures. */
export async function bench(args: readonly string[]): Promise<void> {
  await ensureInstalled({ browser: true });
  await ensurePostgres();
  const { measure } = await import('../../../tests/bench/main.ts');
  await measure(args);
}
