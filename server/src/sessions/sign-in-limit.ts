import { networkOf } from '../network.ts';

/** How failures under one key grow into a delay. */
interface Allowance {
  /** Failures before the first delay. */
  readonly free: number;
  readonly longestMs: number;
}

interface Failures {
  count: number;
  last: number;
}

/** Failures are forgotten this long after the last one, in ms. */
const FORGET_MS = 15 * 60_000;
const FIRST_DELAY_MS = 1_000;
/** Greatest number of keys remembered; the longest untouched go first. */
const MAX_KEYS = 20_000;

/** By login the delay stays short: a stranger who guesses must not lock the person out for long. */
const BY_LOGIN: Allowance = { free: 8, longestMs: 30_000 };
const BY_ADDRESS: Allowance = { free: 40, longestMs: FORGET_MS };

/**
 * Slows down guessing of passwords: after some failures each further one doubles the wait, counted by login
 * (whether or not there is such a user) and by address. An attempt counts as failed from its beginning until
 * it succeeds, so that a hundred at once gain nothing.
 */
export class SignInLimit {
  readonly #logins = new Map<string, Failures>();
  readonly #addresses = new Map<string, Failures>();
  readonly #now: () => number;
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns ms to wait before an attempt is taken; 0 where it was taken and is now under way */
  begin(login: string, address: string): number {
    const network = networkOf(address);
    const wait = Math.max(
      this.#wait(this.#logins.get(login), BY_LOGIN),
      this.#wait(this.#addresses.get(network), BY_ADDRESS),
    );
    if (wait > 0) return wait;
    this.#count(this.#logins, login);
    this.#count(this.#addresses, network);
    return 0;
  }

  /** The attempt that {@link begin} took was right. */
  succeeded(login: string, address: string): void {
    this.#logins.delete(login);
    const failures = this.#addresses.get(networkOf(address));
    if (failures) failures.count -= 1;
  }

  #wait(failures: Failures | undefined, { free, longestMs }: Allowance): number {
    if (failures === undefined || failures.count < free) return 0;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (failures.count - free), longestMs);
    const since = this.#now() - failures.last;
    return since > FORGET_MS ? 0 : Math.max(0, delay - since);
  }

  #count(kept: Map<string, Failures>, key: string): void {
    const now = this.#now();
    const before = kept.get(key);
    const count = before && now - before.last <= FORGET_MS ? before.count + 1 : 1;
    // Set anew, so that the map's order is that of the last touch.
    kept.delete(key);
    kept.set(key, { count, last: now });
    if (kept.size > MAX_KEYS) for (const oldest of kept.keys().take(1)) kept.delete(oldest);
  }
}
