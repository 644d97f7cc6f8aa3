import { Readable } from 'node:stream';
import { StreamCut } from '../http/route.ts';

/** A reader may be this far behind, in bytes, beside what the system keeps for its connection. */
const FAR_BEHIND = 256 * 1024;

/**
 * One reader's stream of server-sent events. It keeps little for a reader that is slow, and then drops it: that one comes
 * back, and gets what it missed, or a `reset`.
 */
export class EventReader extends Readable {
  readonly #wants: (type: string) => boolean;
  readonly #timer: NodeJS.Timeout;

  /** @param longestMs it ends after this time */
  constructor(wants: (type: string) => boolean, longestMs: number) {
    super({ encoding: 'utf8' });
    this.#wants = wants;
    this.#timer = setTimeout(() => this.push(null), longestMs);
    this.once('close', () => clearTimeout(this.#timer));
  }

  /** Passes an event on, if it is one of those wanted. */
  pass(type: string, text: string): void {
    if (this.#wants(type)) this.say(text);
  }

  say(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > FAR_BEHIND) this.destroy(new StreamCut('The reader did not keep up'));
  }

  override _read(): void {}
}
