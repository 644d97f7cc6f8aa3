import type { Alarm } from './clock.worker.ts';
import type { SupervisorTimers } from './connection-supervisor.ts';

interface Timer {
  readonly id: number;
  readonly work: () => void;
  readonly dueAt: number;
  plain: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Timers that are on time in a hidden page too, where browsers let a page's own run once a minute. There a
 * worker keeps them; a page in view needs none. Where workers are not allowed, the page's own serve.
 */
export class Clock implements SupervisorTimers {
  readonly #timers = new Map<number, Timer>();
  #lastId = 0;
  #worker: Worker | undefined;
  #workerFailed = false;

  set(work: () => void, ms: number): number {
    this.#lastId += 1;
    const timer: Timer = { id: this.#lastId, work, dueAt: Date.now() + ms, plain: undefined };
    this.#timers.set(timer.id, timer);
    const worker = document.hidden ? this.#openWorker() : undefined;
    if (worker === undefined) this.#setPlain(timer);
    else worker.postMessage({ id: timer.id, ms } satisfies Alarm);
    return timer.id;
  }

  clear(id: unknown): void {
    const timer = this.#timers.get(id as number);
    if (timer === undefined) return;
    this.#timers.delete(timer.id);
    if (timer.plain === undefined) this.#worker?.postMessage({ id: timer.id } satisfies Alarm);
    clearTimeout(timer.plain);
  }

  close(): void {
    for (const { plain } of this.#timers.values()) clearTimeout(plain);
    this.#timers.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #due(id: number): void {
    const timer = this.#timers.get(id);
    this.#timers.delete(id);
    timer?.work();
  }

  #setPlain(timer: Timer): void {
    timer.plain = setTimeout(() => this.#due(timer.id), Math.max(0, timer.dueAt - Date.now()));
  }

  #openWorker(): Worker | undefined {
    if (this.#worker !== undefined || this.#workerFailed) return this.#worker;
    try {
      const worker = new Worker(new URL('./clock.worker.ts', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<number>) => this.#due(data);
      worker.onerror = () => this.#doWithout();
      this.#worker = worker;
    } catch {
      // Another origin's script, or a policy of the page's that embeds the phone.
      this.#workerFailed = true;
    }
    return this.#worker;
  }

  #doWithout(): void {
    this.#workerFailed = true;
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const timer of this.#timers.values()) if (timer.plain === undefined) this.#setPlain(timer);
  }
}
