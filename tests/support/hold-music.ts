import { TUNE } from '../../asterisk/lab/hold-music.ts';

/** Hertz. The notes are further apart, and so is every other tone of these tests. */
const TOLERANCE = 10;

/** Listens for the lab's music on hold: two different notes of its tune. */
export class TuneListener {
  readonly #notes = new Set<number>();

  /** Takes one more pitch, in hertz. */
  take(hertz: number): void {
    const note = TUNE.find((note) => Math.abs(note - hertz) <= TOLERANCE);
    if (note !== undefined) this.#notes.add(note);
  }

  get heard(): boolean {
    return this.#notes.size >= 2;
  }
}
