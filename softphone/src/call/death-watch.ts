/** A call, as far as its death goes. */
export interface Mortal {
  readonly alive: boolean;
  /** A count that grows with whatever comes in from the gateway. */
  signsOfLife(): Promise<number>;
  /** Takes note that the gateway is gone, and the call with it. */
  die(): void;
}

const LOOK_MS = 250;
/** A look that comes much later says that the page slept: of that time nothing is known. */
const LONGEST_STEP_MS = 1_100;
/** Longer than the 2.5 s between two checks of a path that carries no sound (a call on hold). */
const SILENT_MS = 3_000;
/** It is asked several times a second while it says that it is down. */
const FRESH_MS = 2_000;

/**
 * Whether calls have died with the gateway, while there is no connection to it. Two signs are needed: its address
 * answers that there is no gateway, and nothing comes in any more. A network that is cut or swallows everything gives
 * no such answer; where only the WebSocket is gone, media goes on.
 */
export class DeathWatch {
  readonly #calls: () => readonly Mortal[];
  readonly #now: () => number;
  readonly #silences = new Map<Mortal, { readonly signs: number; readonly ms: number }>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastLook = 0;
  #downAt = Number.NEGATIVE_INFINITY;

  /** @param now in ms */
  constructor(calls: () => readonly Mortal[], now: () => number = () => performance.now()) {
    this.#calls = calls;
    this.#now = now;
  }

  /** There is no connection. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.#lastLook = this.#now();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** There is one, or nobody wants one. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#silences.clear();
    this.#downAt = Number.NEGATIVE_INFINITY;
  }

  /** The gateway's address has just answered that there is no gateway. */
  gatewayDown(): void {
    this.#downAt = this.#now();
  }

  async #look(): Promise<void> {
    const now = this.#now();
    const step = Math.min(now - this.#lastLook, LONGEST_STEP_MS);
    this.#lastLook = now;
    const calls = this.#calls().filter(({ alive }) => alive);
    await Promise.all(calls.map((call) => this.#listen(call, step)));
  }

  async #listen(call: Mortal, step: number): Promise<void> {
    const signs = await call.signsOfLife();
    if (this.#timer === undefined || !call.alive) return;
    const before = this.#silences.get(call);
    const ms = before === undefined || signs > before.signs ? 0 : before.ms + step;
    this.#silences.set(call, { signs, ms });
    if (ms >= SILENT_MS && this.#now() - this.#downAt <= FRESH_MS) call.die();
  }
}
