import type { MediaPath } from './media-port.ts';

/** How many times in a row a new path for media is looked for when the browser has given up the one before. */
const MOST_RESTARTS = 2;
/** A far end that is silent for so long may as well be on a path that is dead though checks of it are answered; in ms. */
const LASTING_QUIET_MS = 4_000;
/** A silence that is noticed so soon after a new connection has the same cause as the end of the old one; in ms. */
const NEW_CONNECTION_MS = 3_000;

/** When one call looks for another path for its media, and when it gives up. */
export class PathSeeker {
  readonly #now: () => number;
  #restarts = 0;
  /** Whether a lasting silence was given another path. */
  #soughtInQuiet = false;
  /** When the gateway was last reached anew, with the path for media as it was. */
  #reconnectedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The browser says something of the path. @param answered another path can be agreed on in a call that is answered alone */
  onPath(path: MediaPath, answered: boolean): 'fine' | 'seek' | 'give-up' {
    if (path === 'found') {
      this.#restarts = 0;
      return 'fine';
    }
    if (path === 'lost') return 'seek';
    if (!answered || this.#restarts === MOST_RESTARTS) return 'give-up';
    this.#restarts += 1;
    return 'seek';
  }

  /**
   * There is a new connection to the gateway.
   * @returns whether another path is to be looked for
   */
  onReconnected(quiet: boolean): boolean {
    if (!quiet) this.#reconnectedAt = this.#now();
    return quiet;
  }

  /**
   * Nothing has come in from the far end for so many ms. A lasting silence is given another path once: the gateway may be
   * sending elsewhere.
   * @returns whether another path is to be looked for
   */
  onQuiet(ms: number): boolean {
    const isNew = this.#now() - this.#reconnectedAt < NEW_CONNECTION_MS;
    const lasts = ms >= LASTING_QUIET_MS;
    const seeks = isNew || (lasts && !this.#soughtInQuiet);
    if (isNew) this.#reconnectedAt = Number.NEGATIVE_INFINITY;
    this.#soughtInQuiet = lasts;
    return seeks;
  }
}
