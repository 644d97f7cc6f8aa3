/** The phone comes first: paint and registration are over by then, also on a slow machine. */
const HEAD_START_MS = 400;
const LATEST_MS = 2_000;

/** Resolves when the browser has nothing better to do. */
export async function whenIdle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, HEAD_START_MS));
  if (!('requestIdleCallback' in globalThis)) return;
  await new Promise((resolve) => requestIdleCallback(resolve, { timeout: LATEST_MS }));
}
