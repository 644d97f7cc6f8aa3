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

interface InboundStats {
  readonly type: string;
  readonly packetsReceived?: number;
  /** Milliseconds since the epoch. */
  readonly lastPacketReceivedTimestamp?: number;
}

/**
 * Watches what comes in on one receiver, by its packets: of its synchronization sources Chromium tells the time of the first
 * frame alone, where the codec is G.722.
 */
export class Arrivals {
  readonly #receiver: Pick<RTCRtpReceiver, 'getStats'>;
  readonly #onQuiet: (ms: number) => void;
  readonly #quiet = new Quiet();
  readonly #timer: ReturnType<typeof setInterval>;
  #packets = 0;
  #last: number | undefined;
  #isOver = false;

  /**
   * @param onQuiet called when nothing comes in any more, and every two seconds while that lasts, with how long it has
   * lasted in ms
   */
  constructor(receiver: Pick<RTCRtpReceiver, 'getStats'>, onQuiet: (ms: number) => void) {
    this.#receiver = receiver;
    this.#onQuiet = onQuiet;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** Whether sound came in, and no more does. */
  get areQuiet(): boolean {
    return this.#quiet.isQuiet;
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const report = await this.#receiver.getStats().catch(() => undefined);
    if (report === undefined || this.#isOver) return;
    let packets = 0;
    let at: number | undefined;
    report.forEach(({ type, packetsReceived = 0, lastPacketReceivedTimestamp }: InboundStats) => {
      if (type !== 'inbound-rtp') return;
      packets += packetsReceived;
      // The gateway may go on as another source; the report keeps the one before, which tells an old time.
      if (lastPacketReceivedTimestamp !== undefined) at = Math.max(at ?? 0, lastPacketReceivedTimestamp);
    });
    const now = performance.now();
    if (packets !== this.#packets) this.#last = at === undefined ? now : at - performance.timeOrigin;
    this.#packets = packets;
    const ms = this.#quiet.look(this.#last, now);
    if (ms !== undefined) this.#onQuiet(ms);
  }
}
