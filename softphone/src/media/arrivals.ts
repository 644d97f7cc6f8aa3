/** Sound comes 50 times a second. A pause this long is seldom jitter; in ms. */
const QUIET_MS = 600;
/** While it stays quiet it is said again, in ms. */
const AGAIN_MS = 2_000;
const LOOK_MS = 200;

/**
 * Whether the far end's sound has stopped coming in, which is the first sign that the path for media is gone: the
 * browser's own verdict ("disconnected") takes 5 to 8 s. It may as well be that the far end has nothing to send.
 */
export class Quiet {
  #said: number | undefined;

  /**
   * @param last when the last sound came in, in ms; `undefined` where none has yet
   * @returns how long it has been quiet, in ms, where that should be said now
   */
  look(last: number | undefined, now: number): number | undefined {
    if (last === undefined || now - last < QUIET_MS) {
      this.#said = undefined;
      return undefined;
    }
    if (this.#said !== undefined && now - this.#said < AGAIN_MS) return undefined;
    this.#said = now;
    return now - last;
  }

  get isQuiet(): boolean {
    return this.#said !== undefined;
  }
}

/** Watches what comes in on one receiver. */
export class Arrivals {
  readonly #receiver: RTCRtpReceiver;
  readonly #quiet = new Quiet();
  readonly #timer: ReturnType<typeof setInterval>;
  #last: number | undefined;

  /**
   * @param onQuiet called when nothing comes in any more, and every two seconds while that lasts, with how long it has
   * lasted in ms
   */
  constructor(receiver: RTCRtpReceiver, onQuiet: (ms: number) => void) {
    this.#receiver = receiver;
    this.#timer = setInterval(() => {
      const ms = this.#look();
      if (ms !== undefined) onQuiet(ms);
    }, LOOK_MS);
  }

  /** Whether sound came in, and no more does. */
  get areQuiet(): boolean {
    return this.#quiet.isQuiet;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Browsers forget a source after ten seconds of silence (WebRTC §5.3): what is known of it stays. The gateway may go on
   * as another source; that the one before is silent then says nothing.
   */
  #look(): number | undefined {
    const heard = this.#receiver.getSynchronizationSources().map(({ timestamp }) => timestamp);
    if (heard.length > 0) this.#last = Math.max(...heard) - performance.timeOrigin;
    return this.#quiet.look(this.#last, performance.now());
  }
}
