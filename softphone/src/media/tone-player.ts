import type { Key } from '../call/dialled.ts';
import type { TonesPort } from '../call/ports.ts';
import type { Devices } from './devices.ts';
import { SoundOutput } from './sound-output.ts';
import { type Beat, BUSY, CALL_WAITING, duration, FAILED, keyFrequencies, RING, RINGBACK } from './tones.ts';

const KEY_SECONDS = 0.12;
const SOFT_EDGE_SECONDS = 0.012;
const LOUDNESS = { ring: 0.22, line: 0.06, key: 0.05 };

/** Makes the phone's own sounds with WebAudio: no files, nothing to load before the first ring. */
export class TonePlayer implements TonesPort {
  readonly #devices: Devices;
  /** What a telephone's earpiece gives, and its bell. */
  readonly #earpiece = new SoundOutput();
  readonly #bell = new SoundOutput();
  #playing: GainNode | undefined;
  #repeat: ReturnType<typeof setTimeout> | undefined;

  constructor(devices: Devices) {
    this.#devices = devices;
    this.#chooseDevices();
    devices.subscribe(() => this.#chooseDevices());
  }

  unlock(): void {
    this.#earpiece.unlock();
    this.#bell.unlock();
  }

  startRinging(): void {
    // A device that went while nobody called may have gone without a word.
    void this.#devices.look();
    this.#loop(RING, LOUDNESS.ring, this.#bell);
  }

  startRingback(): void {
    if (this.#repeat === undefined) this.#loop(RINGBACK, LOUDNESS.line);
  }

  startCallWaiting(): void {
    this.#loop(CALL_WAITING, LOUDNESS.line);
  }

  stop(): void {
    clearTimeout(this.#repeat);
    this.#repeat = undefined;
    this.#playing?.disconnect();
    this.#playing = undefined;
  }

  key(key: Key): void {
    this.#play([{ hertz: keyFrequencies(key), seconds: KEY_SECONDS, pause: 0 }], LOUDNESS.key);
  }

  failed(busy: boolean): void {
    this.#playing = this.#play(busy ? BUSY : FAILED, LOUDNESS.line);
  }

  #loop(pattern: readonly Beat[], loudness: number, output = this.#earpiece): void {
    this.stop();
    const again = () => {
      this.#playing = this.#play(pattern, loudness, output);
      this.#repeat = setTimeout(again, duration(pattern) * 1_000);
    };
    again();
  }

  /** @returns the node through which the pattern sounds; disconnecting it is silence */
  #play(pattern: readonly Beat[], loudness: number, output = this.#earpiece): GainNode | undefined {
    const { context } = output;
    if (context === undefined) return undefined;
    const volume = new GainNode(context, { gain: loudness });
    output.connect(volume);
    let at = context.currentTime;
    for (const beat of pattern) {
      this.#beat(context, volume, beat, at);
      at += beat.seconds + beat.pause;
    }
    return volume;
  }

  #beat(context: AudioContext, output: AudioNode, { hertz, seconds }: Beat, at: number): void {
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, at);
    envelope.gain.linearRampToValueAtTime(1 / hertz.length, at + SOFT_EDGE_SECONDS);
    envelope.gain.setValueAtTime(1 / hertz.length, at + seconds - SOFT_EDGE_SECONDS);
    envelope.gain.linearRampToValueAtTime(0, at + seconds);
    envelope.connect(output);
    for (const frequency of hertz) {
      const oscillator = new OscillatorNode(context, { frequency });
      oscillator.connect(envelope);
      oscillator.start(at);
      oscillator.stop(at + seconds);
    }
  }

  #chooseDevices(): void {
    this.#earpiece.playOn(this.#devices.sink('speaker'));
    this.#bell.playOn(this.#devices.sink('ring'));
  }
}
