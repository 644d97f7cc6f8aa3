import { leadIfFree, leadNext } from './lead.ts';
import type { TabMessage, TabsPort } from './shared-phone.ts';

/** The tabs of this browser that show the same origin's phone. */
export class BrowserTabs implements TabsPort {
  readonly #api: string;
  readonly #channel: BroadcastChannel;
  #begun: Promise<boolean> | undefined;

  /**
   * @param api the provisioning API's address: phones of different ones have nothing to do with each other
   * @param begun whether the page's first script has the lead already
   */
  constructor(api: string, begun?: Promise<boolean>) {
    this.#api = api;
    this.#begun = begun;
    this.#channel = new BroadcastChannel(`handset ${api}`);
  }

  leadIfFree(): Promise<boolean> {
    const begun = this.#begun ?? leadIfFree(this.#api);
    this.#begun = undefined;
    return begun;
  }

  leadNext(): Promise<void> {
    return leadNext(this.#api);
  }

  send(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  onMessage(listener: (message: TabMessage) => void): void {
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => listener(data);
  }

  askBeforeLeaving(mayLeave: () => boolean): void {
    addEventListener('beforeunload', (event) => {
      if (!mayLeave()) event.preventDefault();
    });
  }

  onLeave(listener: () => void): void {
    addEventListener('pagehide', listener);
  }
}
