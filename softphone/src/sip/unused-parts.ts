/**
 * Stands in for parts of sip.js in the page's bundle (see `vite.config.ts`): its default transport and media handling,
 * which `sip-line.ts` replaces, and subscriptions, of which the phone has none.
 */
export class Transport {
  constructor() {
    throw new TypeError('This build has no default transport: give the user agent one');
  }
}

export function defaultSessionDescriptionHandlerFactory(): () => never {
  return () => {
    throw new TypeError('This build has no default media handling: give the user agent one');
  };
}

export class SubscribeUserAgentClient {
  constructor() {
    throw new TypeError('This build can subscribe to nothing');
  }
}
