import { join } from 'node:path';
import type { Page } from 'playwright-core';

const IN_PAGE = join(import.meta.dirname, 'in-page', 'sockets.js');

/** One SIP message on the page's WebSocket. */
export interface TracedMessage {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sent: boolean;
  readonly text: string;
}

/** The SIP messages that a page sends and receives, taken from its WebSockets. */
export class SipTrace {
  readonly messages: TracedMessage[] = [];
  /** The WebSockets that the page made, and when, in milliseconds since the epoch. */
  readonly sockets: { readonly url: string; readonly at: number }[] = [];

  private constructor() {}

  /** As the browser's driver tells of them. */
  static ofSockets(page: Page): SipTrace {
    const trace = new SipTrace();
    const keep = (sent: boolean) => (frame: { payload: string | Buffer }) =>
      trace.#keep({ at: Date.now(), sent, text: frame.payload.toString() });
    page.on('websocket', (socket) => {
      trace.sockets.push({ url: socket.url(), at: Date.now() });
      socket.on('framesent', keep(true));
      socket.on('framereceived', keep(false));
    });
    return trace;
  }

  /** As the page itself sees them, where the driver tells nothing of WebSockets (BiDi). */
  static async inPage(page: Page): Promise<SipTrace> {
    const trace = new SipTrace();
    await page.exposeFunction('handsetTestMessage', (message: TracedMessage) => trace.#keep(message));
    await page.exposeFunction('handsetTestSocket', (url: string) =>
      trace.sockets.push({ url, at: Date.now() }),
    );
    await page.addInitScript({ path: IN_PAGE });
    return trace;
  }

  #keep(message: TracedMessage): void {
    if (message.text.trim() !== '') this.messages.push(message);
  }

  /** The messages that the page sent, of a certain form. */
  sent(form: RegExp): readonly TracedMessage[] {
    return this.messages.filter(({ sent, text }) => sent && form.test(text));
  }

  /** The messages that the page received, of a certain form. */
  received(form: RegExp): readonly TracedMessage[] {
    return this.messages.filter(({ sent, text }) => !sent && form.test(text));
  }

  /** The trace for people to read, without digests. */
  toString(): string {
    return this.messages
      .map(({ at, sent, text }) => {
        const head = `${new Date(at).toISOString()} ${sent ? '→ sent' : '← received'}`;
        return `${head}\n${text.replace(/^((?:Proxy-)?Authorization: ).*$/gim, '$1…')}`;
      })
      .join('\n');
  }
}
