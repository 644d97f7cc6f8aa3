/**
 * Stands in for sip.js' default transport and media handling in the page's bundle (see
 * `vite.config.ts`): the user agent names them as defaults, which `sip-line.ts` replaces.
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
