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
    leg.listen({
      ...this.legListener,
      reconnected: () => {
        this.legListener.reconnected();
        void this.#endIfGivenUp();
      },
    });
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

  /**
   * A caller may have given up while there was no connection. The gateway's CANCEL went into the socket of the INVITE,
   * and its dialog answers us until that has timed out, 32 s later; but its channel is gone, which the server sees.
   * Where nobody can say, it rings on.
   */
  async #endIfGivenUp(): Promise<void> {
    if (!this.#rings || (await this.host.isLive(this.#leg.callId)) !== false || !this.#rings) return;
    this.finish('missed');
    this.#leg.refuse('given-up');
  }

  get #rings(): boolean {
    return this.state.status === 'ringing' && !this.state.answering;
  }

  override hangUp(): void {
    if (this.state.status === 'ringing') this.decline();
    else this.endFor('hung-up-here');
  }
}
