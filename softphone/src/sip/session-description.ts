import type { BodyAndContentType, SessionDescriptionHandler } from 'sip.js';

/** A call's media, as the signalling needs it: descriptions in, descriptions out. */
export interface DescribedMedia {
  describe(): Promise<string>;
  accept(sdp: string): Promise<void>;
  rollback(): Promise<void>;
  /** What was last described, where it is in force. */
  readonly described: string | undefined;
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

  /**
   * What puts the far end on hold (RFC 3264 §8.4) though the media go on as they are; `undefined` where it is already.
   * A new description has a new version (RFC 4566 §5.2).
   */
  describeHold(): string | undefined {
    const sdp = this.#media.described;
    if (sdp === undefined || !/^a=sendrecv\r$/m.test(sdp)) return undefined;
    return sdp
      .replace(/^a=sendrecv\r$/m, 'a=sendonly\r')
      .replace(/^(o=\S+ \S+ )(\d+)/m, (_, begin, version) => `${begin}${Number(version) + 1}`);
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
