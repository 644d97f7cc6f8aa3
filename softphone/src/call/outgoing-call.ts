import { Call, type CallHost } from './call.ts';
import type { Leg, LegListener, Party } from './line-port.ts';
import type { CallMedia } from './media-port.ts';
import { mark } from './timeline.ts';

/** How an outgoing call reaches the world. */
export interface OutgoingWay {
  /** Whether the microphone can be relied on: then the INVITE does not wait for it. */
  readonly microphoneIsSure: boolean;
  openMedia(): CallMedia;
  invite(media: CallMedia, listener: LegListener): Leg;
}

/** A call that somebody here makes. */
export class OutgoingCall extends Call {
  constructor(remote: Party, host: CallHost) {
    super('outgoing', remote, host);
    mark('call-click', this.id);
  }

  /**
   * Sends the INVITE. With a microphone that is allowed and there, it goes out at once and the
   * microphone opens meanwhile; else the microphone comes first: nobody is rung up by a phone that
   * can't speak.
   */
  async dial(way: OutgoingWay): Promise<void> {
    if (way.microphoneIsSure) {
      const media = this.#send(way);
      await this.speak(media, await this.openMicrophone());
      return;
    }
    const microphone = await this.openMicrophone();
    if (microphone !== undefined) await this.speak(this.#send(way), microphone);
  }

  override hangUp(): void {
    this.endFor(this.state.status === 'established' ? 'hung-up-here' : 'cancelled');
  }

  #send(way: OutgoingWay): CallMedia {
    const media = way.openMedia();
    this.attachMedia(media);
    this.attach(way.invite(media, this.legListener));
    return media;
  }
}
