/**
 * The page's first script, a few lines that run long before the phone's code is there. Where no other tab has the
 * phone, it asks for the phone's configuration and opens the WebSocket to the gateway, so that the phone finds both
 * done (`head-start.ts`).
 */
import type { HeadStart } from './head-start.ts';
import { leadIfFree } from './tabs/lead.ts';

/** A phone that has not come for the socket by then has another, or needs none. */
const KEPT_MS = 10_000;

class Beginning implements HeadStart {
  readonly leads = leadIfFree('/v1');
  readonly config = this.leads.then((leads) => (leads ? this.#begin() : undefined));
  #socket: WebSocket | undefined;
  #address = '';

  takeSocket(address: string): WebSocket | undefined {
    const socket = address === this.#address ? this.#socket : undefined;
    if (socket !== undefined) this.#socket = undefined;
    return socket;
  }

  async #begin(): Promise<Response> {
    const response = await fetch('/v1/phone-config', { mode: 'cors', credentials: 'include' });
    // What goes wrong here goes wrong for the phone too, and it says so.
    if (response.ok) await this.#openSocket(response.clone()).catch(() => undefined);
    return response;
  }

  async #openSocket(response: Response): Promise<void> {
    const { webSockets } = (await response.json()) as { webSockets: readonly string[] };
    const [address] = webSockets;
    if (address === undefined) return;
    this.#address = address;
    this.#socket = new WebSocket(address, 'sip');
    setTimeout(() => this.#socket?.close(), KEPT_MS);
  }
}

if (globalThis.handsetHeadStart === undefined) globalThis.handsetHeadStart = new Beginning();
