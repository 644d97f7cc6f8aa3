import type { Page } from 'playwright-core';
import { z } from 'zod';
import { TuneListener } from './hold-music.ts';
import {
  findKeys,
  findPitch,
  isMixOf,
  longestGap,
  loudness,
  MIX_SECONDS,
  type Pitch,
  SILENCE,
  sharesOf,
} from './pitch.ts';
import type { Sound } from './wav.ts';

/** Milliseconds. */
const PATIENCE = 10_000;
const LISTENING_SAMPLES = 8_192;
/** Shorter than the shortest sound that the phone makes by itself. */
const OWN_SAMPLES = 4_096;
/** Samples per second at which browsers play; of a far end at a lower rate there are fewer (`listen.js`). */
const PLAYED_RATE = 48_000;
/** A pure tone through Opus and G.711 keeps about 0.9 of its power at its pitch. */
const LEAST_SHARE = 0.7;
/** What is listened to: the far ends, or the sounds that the phone itself makes. */
type SoundSource = 'playing' | 'own';

const heardSound = z.object({ rate: z.number(), samples: z.string() }).nullable();

/** Somebody at the phone: what its page plays, and the sounds that the phone makes by itself. */
export abstract class Listener {
  abstract readonly page: Page;

  /** Listens to what the page plays until it is a tone of that pitch (within `tolerance` hertz). */
  async hears(hertz: number, tolerance = 10): Promise<void> {
    await this.#listen(`a tone of ${hertz} Hz`, (sound) => judgePitch(sound, hertz, tolerance));
  }

  /** Listens to what the page plays until it has heard the lab's music on hold. */
  async hearsHoldMusic(): Promise<void> {
    const tune = new TuneListener();
    await this.#listen('music', (sound) => {
      const pitch = findPitch(sound);
      if (pitch !== undefined && pitch.share >= LEAST_SHARE) tune.take(pitch.hertz);
      return { done: tune.heard, heard: saidOf(pitch) };
    });
  }

  /** Listens to what the page plays until it is a mix of tones of these pitches. */
  async hearsMixOf(...pitches: readonly number[]): Promise<void> {
    const shares = (sound: Sound) => sharesOf(sound, pitches).map((share) => share.toFixed(2));
    const judge = (sound: Sound) => ({ done: isMixOf(sound, pitches), heard: shares(sound).join(' ') });
    await this.#listen(`a mix of ${pitches.join(', ')} Hz`, judge, MIX_SECONDS * PLAYED_RATE);
  }

  /** Listens to the sounds that the phone itself makes, until one is a tone of that pitch. */
  async makes(hertz: number): Promise<void> {
    const judge = (sound: Sound) => judgePitch(sound, hertz, 10);
    await this.#listen(`a tone of its own of ${hertz} Hz`, judge, OWN_SAMPLES, 'own');
  }

  /** How many far ends are heard at this moment. */
  async playersHeard(): Promise<number> {
    return z.number().parse(await this.page.evaluate('handsetTest.playersHeard()'));
  }

  /**
   * Listens while `press` presses keys, and for `seconds` in all.
   * @returns the keys whose tones were played, in their order
   */
  keysHeard(seconds: number, press: () => Promise<void>): Promise<string> {
    return this.#keysIn('playing', seconds, press);
  }

  /** The same of the tones that the phone itself makes. */
  ownKeysHeard(seconds: number, press: () => Promise<void>): Promise<string> {
    return this.#keysIn('own', seconds, press);
  }

  async #keysIn(source: SoundSource, seconds: number, press: () => Promise<void>): Promise<string> {
    const listening = this.#nextSound(seconds * PLAYED_RATE, 2 * seconds * 1_000, source);
    await press();
    const sound = await listening;
    if (sound === undefined) throw new Error('the phone plays nothing');
    return findKeys(sound);
  }

  /**
   * Listens for `seconds` to a tone of that pitch that should not stop.
   * @returns the longest gap in it, in milliseconds
   */
  async longestGap(hertz: number, seconds: number): Promise<number> {
    const sound = await this.#nextSound(seconds * PLAYED_RATE, 2 * seconds * 1_000);
    if (sound === undefined) throw new Error('the phone plays nothing');
    return longestGap(sound, hertz);
  }

  /** Listens until there is silence, for longer than the microphone's sound pauses. */
  async hearsSilence(): Promise<void> {
    const verdict = ({ samples }: Sound) => ({ done: loudness(samples) < SILENCE, heard: 'a sound' });
    await this.#listen('silence', verdict, PLAYED_RATE);
  }

  /** Makes sure that for half a second nothing comes out of the page. */
  async playsNothing(): Promise<void> {
    const sound = await this.#nextSound(PLAYED_RATE / 2, 500);
    if (sound !== undefined && loudness(sound.samples) >= SILENCE) throw new Error('the phone plays a sound');
  }

  /** Listens until there is a sound that is no pure tone: speech. */
  async hearsSpeech(): Promise<void> {
    await this.#listen('speech', (sound) => {
      const pitch = findPitch(sound);
      return { done: pitch !== undefined && pitch.share < LEAST_SHARE, heard: pitch ? 'a tone' : 'silence' };
    });
  }

  async #listen(
    what: string,
    judge: (sound: Sound) => { done: boolean; heard: string },
    samples = LISTENING_SAMPLES,
    source: SoundSource = 'playing',
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    const heard = new Set<string>();
    while (performance.now() < deadline) {
      const sound = await this.#nextSound(samples, deadline - performance.now(), source);
      if (sound === undefined) break;
      const verdict = judge(sound);
      if (verdict.done) return;
      heard.add(verdict.heard);
    }
    throw new Error(`the phone does not play ${what} but: ${[...heard].join(', ') || 'nothing at all'}`);
  }

  async #nextSound(
    samples: number,
    withinMs: number,
    source: SoundSource = 'playing',
  ): Promise<Sound | undefined> {
    const ask = `handsetTest.nextSound(${samples}, ${withinMs}, '${source}')`;
    const raw: unknown = await this.page.evaluate(ask);
    const sound = heardSound.parse(raw);
    if (sound === null) return undefined;
    const bytes = new Uint8Array(Buffer.from(sound.samples, 'base64'));
    return { rate: sound.rate, samples: new Float32Array(bytes.buffer) };
  }
}

function judgePitch(sound: Sound, hertz: number, tolerance: number): { done: boolean; heard: string } {
  const pitch = findPitch(sound);
  const heard = pitch !== undefined && pitch.share >= LEAST_SHARE;
  return {
    done: heard && Math.abs(pitch.hertz - hertz) <= tolerance,
    heard: saidOf(pitch),
  };
}

function saidOf(pitch: Pitch | undefined): string {
  return pitch === undefined ? 'silence' : `${Math.round(pitch.hertz)} Hz (${pitch.share.toFixed(2)})`;
}
