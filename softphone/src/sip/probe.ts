/**
 * The question that proves the path to the gateway and back: an OPTIONS outside of any call (RFC 3261 §11).
 * The gateway challenges it, and that is answer enough. It goes past sip.js, which would keep a transaction
 * of each for half a minute, and would answer the challenge.
 */
export class Probe {
  readonly #domain: string;
  readonly #protocol: string;
  readonly #callId = crypto.randomUUID();
  #sequence = 0;

  /** @param protocol `WS` or `WSS`, as it stands in a Via */
  constructor(domain: string, protocol: string) {
    this.#domain = domain;
    this.#protocol = protocol;
  }

  /** The next one to send. */
  next(): string {
    this.#sequence += 1;
    return [
      `OPTIONS sip:${this.#domain} SIP/2.0`,
      `Via: SIP/2.0/${this.#protocol} probe.invalid;branch=z9hG4bK${this.#callId.slice(0, 8)}${this.#sequence}`,
      'Max-Forwards: 70',
      `From: <sip:probe@${this.#domain}>;tag=${Date.now()}`,
      `To: <sip:${this.#domain}>`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${this.#sequence} OPTIONS`,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  }

  /**
   * When that was asked which a message answers, whatever it says: of how things are now a late answer tells nothing.
   * @returns milliseconds since the epoch; `undefined` for any other message
   */
  askedAt(answer: string): number | undefined {
    if (!answer.startsWith('SIP/2.0 ') || !answer.includes(this.#callId)) return undefined;
    const [, tag] = /\r\n(?:from|f)\s*:[^\r\n]*;\s*tag\s*=\s*(\d+)/i.exec(answer) ?? [];
    return Number(tag ?? 0);
  }
}
