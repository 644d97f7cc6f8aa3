import type { Key } from '../call/dialled.ts';
import type { TonesPort } from '../call/ports.ts';
import { type Beat, BUSY, CALL_WAITING, duration, FAILED, keyFrequencies, RING, RINGBACK } from './tones.ts';

const KEY_SECONDS = 0.12;
const SOFT_EDGE_SECONDS = 0.012;
const LOUDNESS = { ring: 0.22, line: 0.06, key: 0.05 };

/** Makes the phone's own sounds with WebAudio: no files, nothing to load before the first ring. */
export class TonePlayer implements TonesPort {
  #context: AudioContext | undefined;
  #playing: GainNode | undefined;
  #repeat: ReturnType<typeof setTimeout> | undefined;

  unlock(): void {
    const context = this.#audio();
    if (context?.state === 'suspended') context.resume().catch(() => undefined);
  }

  startRinging(): void {
    this.#loop(RING, LOUDNESS.ring);
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

  #loop(pattern: readonly Beat[], loudness: number): void {
    this.stop();
    const again = () => {
      this.#playing = this.#play(pattern, loudness);
      this.#repeat = setTimeout(again, duration(pattern) * 1_000);
    };
    again();
  }

  /** @returns the node through which the pattern sounds; disconnecting it is silence */
  #play(pattern: readonly Beat[], loudness: number): GainNode | undefined {
    const context = this.#audio();
    if (context === undefined) return undefined;
    const output = new GainNode(context, { gain: loudness });
    output.connect(context.destination);
    let at = context.currentTime;
    for (const beat of pattern) {
      this.#beat(context, output, beat, at);
      at += beat.seconds + beat.pause;
    }
    return output;
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

  #audio(): AudioContext | undefined {
    // Made late: an AudioContext before the first touch of the page starts out silent, with a warning.
    this.#context ??= typeof AudioContext === 'undefined' ? undefined : new AudioContext();
    return this.#context;
  }
}
