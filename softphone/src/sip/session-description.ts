import type { BodyAndContentType, Session, SessionDescriptionHandler } from 'sip.js';
import type { CallMedia } from '../call/media-port.ts';

/** A call's media, as the signalling needs it: descriptions in, descriptions out. */
export interface DescribedMedia {
  describe(): Promise<string>;
  accept(sdp: string): Promise<void>;
  /** Gets the answer to an offer ready, which `accept` and `describe` then give. */
  prepareAnswer(offer: string): Promise<void>;
  rollback(): Promise<void>;
  /** What was last described, where it is in force. */
  readonly described: string | undefined;
}

const SDP = 'application/sdp';

/** A session's options with its handler. sip.js keeps copies of them, so that the media itself must not stand there. */
export function handlerOptions(media: CallMedia): object {
  return { handler: new MediaDescriptionHandler(media as CallMedia & DescribedMedia) };
}

/** The outgoing leg gives it with the INVITE, the incoming one with the answer. */
export function handlerOf({ sessionDescriptionHandlerOptions }: Session): MediaDescriptionHandler {
  const { handler } = sessionDescriptionHandlerOptions as { handler?: MediaDescriptionHandler };
  if (handler === undefined) throw new Error('The session has no media');
  return handler;
}

/**
 * Joins sip.js' offer/answer to a call's media. Closing the media is the call's business, and tones go out as telephone
 * events without asking the signalling. Closed, it lets go of the media: sip.js keeps it for as long as the session's
 * transactions live (RFC 6026 §8.4, 32 s).
 */
export class MediaDescriptionHandler implements SessionDescriptionHandler {
  #open: DescribedMedia | undefined;

  constructor(media: DescribedMedia) {
    this.#open = media;
  }

  close(): void {
    this.#open = undefined;
  }

  async getDescription(): Promise<BodyAndContentType> {
    return { body: await this.#media.describe(), contentType: SDP };
  }

  /**
   * What puts the far end on hold (RFC 3264 §8.4) though the media go on as they are; `undefined` where it is already.
   * A new description has a new version (RFC 4566 §5.2).
   */
  describeHold(): string | undefined {
    const sdp = this.#open?.described;
    if (sdp === undefined || !/^a=sendrecv\r$/m.test(sdp)) return undefined;
    return sdp
      .replace(/^a=sendrecv\r$/m, 'a=sendonly\r')
      .replace(/^(o=\S+ \S+ )(\d+)/m, (_, begin, version) => `${begin}${Number(version) + 1}`);
  }

  hasDescription(contentType: string): boolean {
    return contentType === SDP;
  }

  async rollbackDescription(): Promise<void> {
    await this.#media.rollback();
  }

  async setDescription(sdp: string): Promise<void> {
    return this.#media.accept(sdp);
  }

  sendDtmf(): boolean {
    return false;
  }

  get #media(): DescribedMedia {
    if (this.#open === undefined) throw new Error('The session is over');
    return this.#open;
  }
}
