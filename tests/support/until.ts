import { setTimeout as delay } from 'node:timers/promises';

const ASK_AGAIN_MS = 50;

/** Something that was waited for and did not come. */
export class NotInTimeError extends Error {
  override readonly name = 'NotInTimeError';
}

/**
 * For what tells nobody when it happens (a file that grows, the console of another program): asks again and
 * again until there is a result.
 * @param what is waited for, in words; part of the error
 * @param withinMs milliseconds; time spent asking counts
 * @throws NotInTimeError
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await ask();
    if (result !== undefined) return result;
    if (performance.now() > deadline) throw new NotInTimeError(`${what}: not within ${withinMs} ms`);
    await delay(ASK_AGAIN_MS);
  }
}
