import type { PlainAnswer } from './plain-question.ts';

/** The gateway's addresses, tried in their order and around again; one that works is kept to. */
export class GatewayAddresses {
  #addresses: readonly string[];
  #index = 0;
  #tried = false;
  #downInARow = 0;

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
  }

  get count(): number {
    return Math.max(1, this.#addresses.length);
  }

  /** The one in use, or tried last. Empty where there is none at all. */
  get current(): string {
    return this.#addresses[this.#index] ?? '';
  }

  /** Other addresses, from now on. The one in use stays in use where it is among them. */
  replace(addresses: readonly string[]): void {
    const index = addresses.indexOf(this.current);
    this.#addresses = addresses;
    this.#index = Math.max(0, index);
    if (index < 0) this.#tried = false;
  }

  /** Goes on to the one to try now: the same one once more after it worked, else the next. */
  advance(): void {
    if (this.#tried) this.#index = (this.#index + 1) % this.count;
    this.#tried = true;
  }

  /**
   * What the current one said before a WebSocket was tried.
   * @returns whether each of them, in its turn, has now said that the gateway is down
   */
  answered(answer: PlainAnswer): boolean {
    this.#downInARow = answer === 'down' ? this.#downInARow + 1 : 0;
    return this.#downInARow >= this.count;
  }

  worked(): void {
    this.#tried = false;
  }
}
