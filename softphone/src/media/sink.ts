/** What plays on a device of its own: a media element, or an AudioContext where it can. */
export interface Sinkable {
  setSinkId?(device: string): Promise<void>;
}

/** Keeps one player on the device that is wanted, empty for the system's default. */
export class Sink {
  readonly #player: Sinkable;
  readonly #known = new Set<string>();
  #device = '';
  #change = Promise.resolve();

  constructor(player: Sinkable) {
    this.#player = player;
  }

  /** A device that is not there leaves the sound where it is. */
  playOn(device: string): void {
    if (device === this.#device) return;
    this.#device = device;
    this.#change = this.#change.then(() => this.#switch(device)).catch(() => undefined);
  }

  /** Resolves when what was asked for so far is done, or has turned out not to be possible. */
  get settled(): Promise<void> {
    return this.#change;
  }

  async #switch(device: string): Promise<void> {
    if (device !== this.#device) return;
    await this.#player.setSinkId?.(device);
    // Chromium still has its broken output of a device that was unplugged, and plays into that. Leaving it once
    // more it lets go of it.
    if (device !== '' && this.#known.has(device)) {
      await this.#player.setSinkId?.('');
      await this.#player.setSinkId?.(device);
    }
    this.#known.add(device);
  }
}
