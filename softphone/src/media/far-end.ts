import { Arrivals } from './arrivals.ts';
import { Sink } from './sink.ts';

const FIRST_AUDIO_POLL_MS = 10;

/** What is heard of one call's far end: an element of its own, and whether anything comes in. */
export class FarEnd {
  readonly #audio = new Audio();
  readonly #sink = new Sink(this.#audio);
  #poll: ReturnType<typeof setInterval> | undefined;
  #arrivals: Arrivals | undefined;
  #firstAudio: ((at: number) => void) | undefined;
  #onQuiet: (ms: number) => void = () => {};
  #isOver = false;

  constructor() {
    this.#audio.autoplay = true;
  }

  async hear({ track, receiver }: RTCTrackEvent): Promise<void> {
    // Chromium plays on the default device what it is given while the choice of another is under way.
    await this.#sink.settled;
    if (this.#isOver) return;
    this.#audio.srcObject = new MediaStream([track]);
    this.play();
    clearInterval(this.#poll);
    this.#poll = setInterval(() => this.#lookForAudio(receiver), FIRST_AUDIO_POLL_MS);
    this.#arrivals?.stop();
    this.#arrivals = new Arrivals(receiver, (ms) => {
      if (!this.#audio.muted) this.#onQuiet(ms);
    });
  }

  /** Autoplay is allowed while the page captures a microphone; a refusal is not the end. */
  play(): void {
    if (this.#audio.srcObject !== null) this.#audio.play().catch(() => undefined);
  }

  /** @param device as `setSinkId` takes it */
  playOn(device: string): void {
    this.#sink.playOn(device);
  }

  setHeld(held: boolean): void {
    this.#audio.muted = held;
  }

  onFirstAudio(listener: (at: number) => void): void {
    this.#firstAudio = listener;
  }

  /** See `CallMedia.onQuiet`. */
  onQuiet(listener: (ms: number) => void): void {
    this.#onQuiet = listener;
  }

  /** Whether sound came in and no more does, though not on hold. */
  get quiet(): boolean {
    return !this.#audio.muted && this.#arrivals?.areQuiet === true;
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#poll);
    this.#arrivals?.stop();
    this.#audio.srcObject = null;
  }

  /** A synchronization source appears when its first frame is given out to be heard (WebRTC §5.3). */
  #lookForAudio(receiver: RTCRtpReceiver): void {
    const [source] = receiver.getSynchronizationSources();
    if (source === undefined) return;
    clearInterval(this.#poll);
    this.#firstAudio?.(Math.min(source.timestamp - performance.timeOrigin, performance.now()));
    this.#firstAudio = undefined;
  }
}
