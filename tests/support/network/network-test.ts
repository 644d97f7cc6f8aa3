import { inject } from 'vitest';
import { Browsers, test as base } from '../e2e.ts';
import { Namespace } from './namespace.ts';

/** As the browser tests', with the browser in a home network behind `router`; `home` is its namespace. */
export const test = base
  .extend('router', { scope: 'worker' }, () => new Namespace(inject('network').router))
  .extend('home', { scope: 'worker' }, () => new Namespace(inject('network').browser))
  .extend('browsers', { scope: 'file' }, ({ lab, home }, { onCleanup }) => {
    // Without it there is no microphone on a page that came by plain http from another machine.
    const flags = [`--unsafely-treat-insecure-origin-as-secure=${lab.url}`];
    const browsers = new Browsers({ network: home.path, flags });
    onCleanup(() => browsers.close());
    return browsers;
  });
