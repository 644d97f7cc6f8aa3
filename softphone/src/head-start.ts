/**
 * What the page began before the phone's code was there (see `boot.ts`): the question for the phone's
 * configuration, and the WebSocket that follows from it. Where there is none (a phone in somebody's own page)
 * all goes its usual way.
 */
export interface HeadStart {
  /** Whether this tab has the lead (see `tabs/lead.ts`). Without it nothing is begun. */
  readonly leads: Promise<boolean>;
  /** The answer of `GET /v1/phone-config`. */
  readonly config: Promise<Response | undefined>;
  /** Hands over the socket where it is one to this address. There is one socket: it is handed over once. */
  takeSocket(address: string): WebSocket | undefined;
}

declare global {
  /** `null` once the phone has taken it, or come before it. */
  var handsetHeadStart: HeadStart | null | undefined;
}

/** Takes what the page has begun: from then on it is this phone's alone. */
export function takeHeadStart(): HeadStart | undefined {
  const headStart = globalThis.handsetHeadStart ?? undefined;
  globalThis.handsetHeadStart = null;
  return headStart;
}
