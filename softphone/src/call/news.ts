/** Who is told that something has changed, and when. */
export class News {
  readonly #listeners = new Set<() => void>();
  #held = false;

  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    if (this.#held) return;
    for (const listener of this.#listeners) listener();
  }

  /** Keeps what there is to tell until {@link release}, or to the end of this turn: listeners may have much to draw. */
  hold(): void {
    this.#held = true;
    setTimeout(() => {
      if (!this.#held) return;
      this.#held = false;
      this.tell();
    });
  }

  /** What is told from now on is heard at once. */
  release(): void {
    this.#held = false;
  }
}
