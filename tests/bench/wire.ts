import type { CDPSession, Page } from 'playwright-core';

/** A SIP message as the browser handed it to, or took it from, its WebSocket. */
export interface WireMessage {
  /** Milliseconds since the page's time origin: the clock of `performance.now()` and of events. */
  readonly at: number;
  readonly sent: boolean;
  readonly text: string;
}

const MS = 1_000;

/** A page's WebSocket frames with the browser's own time stamps (Chrome DevTools Protocol), not the page's. */
export class Wire {
  readonly #session: CDPSession;
  readonly #messages: { at: number; sent: boolean; text: string }[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(session: CDPSession) {
    this.#session = session;
    const keep = (sent: boolean) => (frame: { timestamp: number; response: { payloadData: string } }) => {
      this.#messages.push({ at: frame.timestamp * MS, sent, text: frame.response.payloadData });
      for (const look of this.#waiting) look();
    };
    session.on('Network.webSocketFrameSent', keep(true));
    session.on('Network.webSocketFrameReceived', keep(false));
  }

  static async of(page: Page): Promise<Wire> {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Performance.enable');
    return new Wire(session);
  }

  /** Forgets what has passed. */
  clear(): void {
    this.#messages.length = 0;
  }

  /**
   * The first message of a certain form since {@link clear}, waited for where it has not come yet.
   * @throws Error after 10 s
   */
  async first(sent: boolean, form: RegExp): Promise<WireMessage> {
    const message = await this.#await(sent, form);
    return { ...message, at: message.at - (await this.#timeOrigin()) };
  }

  #await(sent: boolean, form: RegExp): Promise<WireMessage> {
    return new Promise((found, failed) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const message = this.#messages.find((each) => each.sent === sent && form.test(each.text));
        if (message === undefined) return;
        done();
        found(message);
      };
      const timer = setTimeout(() => {
        done();
        failed(new Error(`no message ${form} within 10 s`));
      }, 10_000);
      this.#waiting.add(look);
      look();
    });
  }

  /** On the clock of the frames. */
  async #timeOrigin(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const start = metrics.find(({ name }) => name === 'NavigationStart');
    if (start === undefined) throw new Error('the browser does not say when the navigation began');
    return start.value * MS;
  }
}
