/** Timers that browsers don't slow down in a hidden page: a worker's. See `clock.ts`. */
export interface Alarm {
  readonly id: number;
  /** Milliseconds until it is due; `undefined` calls it off. */
  readonly ms?: number;
}

const timers = new Map<number, ReturnType<typeof setTimeout>>();

addEventListener('message', ({ data }: MessageEvent<Alarm>) => {
  const { id, ms } = data;
  clearTimeout(timers.get(id));
  timers.delete(id);
  if (ms === undefined) return;
  const due = () => {
    timers.delete(id);
    postMessage(id);
  };
  timers.set(id, setTimeout(due, ms));
});
