/** What can be got ready ahead of a call. */
export interface Warmable {
  warm(): Promise<void>;
  close(): void;
}

interface Timers {
  set(work: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** Older than this, addresses and relay allocations may have changed behind the browser's back. */
const FRESH_MS = 5 * 60_000;
/** A call that has just begun has better use for the next moments than getting ready for another. */
const PAUSE_MS = 1_000;

/**
 * Keeps one unused peer connection ready, so that a call's INVITE needs nothing but to be sent.
 * It is renewed while the phone is in use and given up when it is not: an idle phone in a hidden tab
 * holds no ports and no relay.
 */
export class WarmPeer<Peer extends Warmable> {
  readonly #make: () => Peer;
  readonly #timers: Timers;
  #peer: Peer | undefined;
  #timer: unknown;
  #wanted = false;

  constructor(
    make: () => Peer,
    timers: Timers = {
      set: (work, ms) => setTimeout(work, ms),
      clear: (timer) => clearTimeout(timer as number),
    },
  ) {
    this.#make = make;
    this.#timers = timers;
  }

  /** Gets one ready and keeps it fresh. What was ready before (other servers, another network) is let go. */
  keep(): void {
    this.#wanted = true;
    this.#renew();
  }

  /** Lets go of what is ready and keeps nothing. */
  rest(): void {
    this.#wanted = false;
    this.#drop();
  }

  /** The ready one, or a new one that gets ready now. */
  take(): Peer {
    const peer = this.#peer ?? this.#make();
    this.#peer = undefined;
    if (this.#wanted) this.#schedule(PAUSE_MS);
    return peer;
  }

  #renew(): void {
    this.#drop();
    const peer = this.#make();
    this.#peer = peer;
    // A browser that can't (no network stack, say) will say so again when the call is made.
    peer.warm().catch(() => undefined);
    this.#schedule(FRESH_MS);
  }

  #schedule(ms: number): void {
    this.#timers.clear(this.#timer);
    this.#timer = this.#timers.set(() => this.#renew(), ms);
  }

  #drop(): void {
    this.#timers.clear(this.#timer);
    this.#peer?.close();
    this.#peer = undefined;
  }
}
