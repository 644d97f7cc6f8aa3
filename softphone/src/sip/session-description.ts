import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';

/** A call's media, as the signalling needs it: descriptions in, descriptions out. */
export interface DescribedMedia {
  describe(): Promise<string>;
  accept(sdp: string): Promise<void>;
  rollback(): Promise<void>;
}

const SDP = 'application/sdp';

/**
 * Joins sip.js' offer/answer to a call's media. The media outlives it: closing is the call's business,
 * and tones go out as telephone events without asking the signalling.
 */
export class MediaDescriptionHandler implements SessionDescriptionHandler {
  readonly #media: DescribedMedia;

  constructor(media: DescribedMedia) {
    this.#media = media;
  }

  close(): void {}

  async getDescription(): Promise<BodyAndContentType> {
    return { body: await this.#media.describe(), contentType: SDP };
  }

  hasDescription(contentType: string): boolean {
    return contentType === SDP;
  }

  rollbackDescription(): Promise<void> {
    return this.#media.rollback();
  }

  setDescription(sdp: string): Promise<void> {
    return this.#media.accept(sdp);
  }

  sendDtmf(): boolean {
    return false;
  }
}
