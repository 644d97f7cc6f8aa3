import type { Page } from 'playwright-core';

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

  constructor(page: Page) {
    const keep = (sent: boolean) => (frame: { payload: string | Buffer }) => {
      const text = frame.payload.toString();
      if (text.trim() !== '') this.messages.push({ at: Date.now(), sent, text });
    };
    page.on('websocket', (socket) => {
      socket.on('framesent', keep(true));
      socket.on('framereceived', keep(false));
    });
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
