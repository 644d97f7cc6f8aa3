/** Greatest number of addresses remembered; those with the oldest first failure go first. */
const MAX_ADDRESSES = 20_000;

/** Counts failures by address; each address' count begins anew some time after its first. */
export class AuthFailures {
  readonly #counts = new Map<string, { count: number; readonly since: number }>();
  readonly #windowMs: number;
  readonly #now: () => number;
  constructor(windowMs: number, now: () => number = Date.now) {
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** @returns how many there are with this one */
  add(address: string): number {
    const now = this.#now();
    const known = this.#counts.get(address);
    if (known && now - known.since <= this.#windowMs) return ++known.count;
    // Set anew, so that the map's order is that of the first failures.
    this.#counts.delete(address);
    this.#counts.set(address, { count: 1, since: now });
    if (this.#counts.size > MAX_ADDRESSES) {
      for (const oldest of this.#counts.keys().take(1)) this.#counts.delete(oldest);
    }
    return 1;
  }

  forget(address: string): void {
    this.#counts.delete(address);
  }
}
