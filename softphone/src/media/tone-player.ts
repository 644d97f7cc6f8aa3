import type { Key } from '../call/dialled.ts';
import type { TonesPort } from '../call/media-port.ts';
import type { Devices } from './devices.ts';
import { SoundOutput } from './sound-output.ts';
import { type Beat, BUSY, CALL_WAITING, FAILED, keyFrequencies, RING, RINGBACK, render } from './tones.ts';

const CHECK_AFTER_MS = 1_000;
/** As they are sent (see `PeerMedia`): several keys at once are heard one after the other, too. */
const KEY_SECONDS = 0.12;
const KEY_PAUSE_SECONDS = 0.07;
const LOUDNESS = { ring: 0.22, line: 0.06, key: 0.05 };
const TOUCHES = ['pointerdown', 'keydown'] as const;

/** What sounds just now. */
interface Playing {
  readonly pattern: readonly Beat[];
  readonly output: SoundOutput;
  stop(): void;
}

/** Makes the phone's own sounds with WebAudio: no files, nothing to load before the first ring. */
export class TonePlayer implements TonesPort {
  readonly #devices: Devices;
  readonly #listeners: (() => void)[] = [];
  /** What a telephone's earpiece gives, and its bell. */
  readonly #earpiece = new SoundOutput();
  readonly #bell = new SoundOutput(() => this.#bellBlocked());
  readonly #buffers = new Map<readonly Beat[], AudioBuffer>();
  #playing: Playing | undefined;
  /** When the last key has sounded, on the context's clock. */
  #keysUntil = 0;

  constructor(devices: Devices) {
    this.#devices = devices;
    this.#chooseDevices();
    devices.subscribe(() => this.#chooseDevices());
  }

  get blocked(): boolean {
    return this.#bell.blocked;
  }

  onBlockedChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  check(): void {
    // Starting the sound system takes its time, and a page that has just loaded has better use for it.
    setTimeout(() => {
      if (navigator.userActivation?.hasBeenActive === true || this.#playing !== undefined) return;
      this.#bell.wake();
      this.#bell.rest();
    }, CHECK_AFTER_MS);
  }

  readonly unlock = (): void => {
    for (const output of [this.#earpiece, this.#bell]) {
      output.wake();
      if (this.#playing?.output !== output) output.rest();
    }
  };

  startRinging(): void {
    // A device that went while nobody called may have gone without a word.
    void this.#devices.look();
    this.#loop(RING, LOUDNESS.ring, this.#bell);
  }

  startRingback(): void {
    this.#loop(RINGBACK, LOUDNESS.line);
  }

  startCallWaiting(): void {
    this.#loop(CALL_WAITING, LOUDNESS.line);
  }

  stop(): void {
    this.#playing?.stop();
    this.#playing?.output.rest();
    this.#playing = undefined;
  }

  key(key: Key): void {
    const context = this.#earpiece.wake();
    if (context === undefined) return;
    const at = Math.max(context.currentTime, this.#keysUntil);
    this.#keysUntil = at + KEY_SECONDS + KEY_PAUSE_SECONDS;
    const tone = { hertz: keyFrequencies(key), seconds: KEY_SECONDS, pause: 0 };
    this.#play([tone], LOUDNESS.key, this.#earpiece, { loop: false, at });
  }

  failed(busy: boolean): void {
    this.stop();
    this.#playing = this.#play(busy ? BUSY : FAILED, LOUDNESS.line);
  }

  #loop(pattern: readonly Beat[], loudness: number, output = this.#earpiece): void {
    if (this.#playing?.pattern === pattern) return;
    this.stop();
    this.#playing = this.#play(pattern, loudness, output, { loop: true });
  }

  /** The browser itself repeats what is to be repeated: timers of a hidden page may come once a minute. */
  #play(
    pattern: readonly Beat[],
    loudness: number,
    output = this.#earpiece,
    { loop = false, at = 0 } = {},
  ): Playing | undefined {
    const context = output.wake();
    if (context === undefined) return undefined;
    const source = new AudioBufferSourceNode(context, { buffer: this.#buffer(pattern, context), loop });
    const volume = new GainNode(context, { gain: loudness });
    source.connect(volume);
    output.connect(volume);
    source.start(at);
    const stop = () => {
      source.stop();
      volume.disconnect();
    };
    // One that ends by itself leaves the way out of the page at rest.
    source.addEventListener('ended', () => {
      if (this.#playing?.stop === stop) this.stop();
      else if (this.#playing?.output !== output) output.rest();
    });
    return { pattern, output, stop };
  }

  #buffer(pattern: readonly Beat[], { sampleRate }: AudioContext): AudioBuffer {
    const known = this.#buffers.get(pattern);
    if (known !== undefined && known.sampleRate === sampleRate) return known;
    const samples = render(pattern, sampleRate);
    const buffer = new AudioBuffer({ length: samples.length, sampleRate });
    buffer.copyToChannel(samples, 0);
    if (pattern.length > 1 || pattern === RINGBACK) this.#buffers.set(pattern, buffer);
    return buffer;
  }

  /** Whatever part of the page is touched, the ring comes out from then on. */
  #bellBlocked(): void {
    for (const touch of TOUCHES) {
      if (this.blocked) document.addEventListener(touch, this.unlock, true);
      else document.removeEventListener(touch, this.unlock, true);
    }
    for (const listener of this.#listeners) listener();
  }

  #chooseDevices(): void {
    this.#earpiece.playOn(this.#devices.sink('speaker'));
    this.#bell.playOn(this.#devices.sink('ring'));
  }
}
