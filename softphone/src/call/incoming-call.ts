import { Call, type CallHost } from './call.ts';
import type { IncomingLeg } from './line-port.ts';
import type { CallMedia } from './media-port.ts';
import { mark } from './timeline.ts';

/** A call that somebody there makes. It rings from the moment it exists. */
export class IncomingCall extends Call {
  readonly #leg: IncomingLeg;
  readonly #media: CallMedia;

  /** @param media got ready while it rings, so that the answer goes out at once */
  constructor(leg: IncomingLeg, media: CallMedia, host: CallHost) {
    super('incoming', leg.from, host);
    this.#leg = leg;
    this.#media = media;
    this.attach(leg);
    this.attachMedia(media);
    leg.listen(this.legListener);
    leg.prepare(media);
  }

  /**
   * Answers. As with outgoing calls, a microphone that can be relied on opens while the 200 is on its
   * way; one that has to be asked for comes first.
   */
  async answer(microphoneIsSure: boolean): Promise<void> {
    if (this.state.status !== 'ringing' || this.state.answering) return;
    mark('answer-click', this.id);
    this.apply({ type: 'answering' });
    if (microphoneIsSure) {
      this.#leg.answer(this.#media);
      await this.speak(this.#media, await this.openMicrophone());
      return;
    }
    const microphone = await this.openMicrophone();
    if (microphone === undefined) return;
    await this.speak(this.#media, microphone);
    if (this.alive) this.#leg.answer(this.#media);
  }

  decline(): void {
    if (this.state.status !== 'ringing') return;
    this.endFor('declined-here');
  }

  override hangUp(): void {
    if (this.state.status === 'ringing') this.decline();
    else this.endFor('hung-up-here');
  }
}
