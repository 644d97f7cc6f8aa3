import type { CallMemoryPort, KeptCall } from '../call/ports.ts';

/** What a browser offers for it: `localStorage`. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Kept {
  readonly deviceId: string;
  /** When the page that had these calls was last alive, in milliseconds since the epoch. */
  readonly at: number;
  readonly calls: readonly KeptCall[];
}

const NAME = 'handset.calls';
const HEARTBEAT_MS = 5_000;
/**
 * The gateway releases a call without media after 25 s. A hidden page may write as seldom as once a minute. What
 * is too old for both is not even asked for.
 */
const LIFE_MS = 90_000;

/**
 * The calls that are up, in the browser's storage for the whole origin: they are found by the same tab after a
 * reload or a crash, and by whichever tab comes next after this one was closed. No secret is in it: whoever takes a
 * call over has to be signed in as its user.
 */
export class CallMemory implements CallMemoryPort {
  readonly #store: () => Store;
  readonly #now: () => number;
  #kept: { readonly deviceId: string; readonly calls: readonly KeptCall[] } | undefined;
  #written = '';
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(store: () => Store = () => localStorage, now: () => number = () => Date.now()) {
    this.#store = store;
    this.#now = now;
  }

  take(deviceId: string): readonly KeptCall[] {
    const kept = this.#read();
    this.#forget();
    if (kept === undefined || kept.deviceId !== deviceId || this.#now() - kept.at > LIFE_MS) return [];
    return kept.calls;
  }

  keep(deviceId: string, calls: readonly KeptCall[]): void {
    const text = JSON.stringify(calls);
    if (text === this.#written) return;
    this.#written = text;
    clearInterval(this.#heartbeat);
    this.#kept = { deviceId, calls };
    if (calls.length === 0) this.#forget();
    else {
      this.#write();
      this.#heartbeat = setInterval(() => this.#write(), HEARTBEAT_MS);
    }
  }

  #write(): void {
    try {
      this.#store().setItem(NAME, JSON.stringify({ ...this.#kept, at: this.#now() }));
    } catch {
      // A browser may keep nothing (private windows, a full disk): a reload then ends the calls.
    }
  }

  #read(): Kept | undefined {
    try {
      const text = this.#store().getItem(NAME);
      return text === null ? undefined : (JSON.parse(text) as Kept);
    } catch {
      return undefined;
    }
  }

  #forget(): void {
    try {
      this.#store().removeItem(NAME);
    } catch {
      // Nothing was kept, then.
    }
  }
}
