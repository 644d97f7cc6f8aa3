import type { SupervisorTimers } from './connection-supervisor.ts';

/**
 * Tells when the connection should be looked at now: the network went or is back, the page is in view or
 * runs again.
 * @returns what ends it
 */
export function onWake(listener: () => void): () => void {
  const visible = () => {
    if (!document.hidden) listener();
  };
  addEventListener('online', listener);
  addEventListener('offline', listener);
  document.addEventListener('resume', listener);
  document.addEventListener('visibilitychange', visible);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
    document.removeEventListener('resume', listener);
    document.removeEventListener('visibilitychange', visible);
  };
}

const TICK_MS = 1_000;
/** So much later than it should be, a tick was slept through; a page that is merely busy is not. */
const SLEPT_MS = 4_000;

/**
 * Tells when the machine has slept, of which browsers tell nothing. Timers stand still meanwhile or are late; the clock
 * on the wall goes on.
 * @returns what ends it
 */
export function onSlept(listener: () => void, timers: SupervisorTimers): () => void {
  let timer: unknown;
  const tick = () => {
    const began = Date.now();
    timer = timers.set(() => {
      const slept = Date.now() - began - TICK_MS > SLEPT_MS;
      tick();
      if (slept) listener();
    }, TICK_MS);
  };
  tick();
  return () => timers.clear(timer);
}
