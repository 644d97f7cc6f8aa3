import { env } from 'node:process';
import { inject } from 'vitest';
import { Browsers, test as base } from '../e2e.ts';
import { Operator } from '../operator.ts';
import { browserAtHome } from './browser-at-home.ts';
import { Home } from './home.ts';
import { Namespace } from './namespace.ts';

/** As the browser tests', with the browser in a `home` network behind `router`. */
export const test = base
  .extend('router', { scope: 'worker' }, () => new Namespace(homeOfThisFile().router))
  .extend('home', { scope: 'worker' }, () => {
    const { browser, subnet } = homeOfThisFile();
    return new Home(new Namespace(browser), subnet);
  })
  // We are on the gateway's machine, and our Node does not know its CA.
  .extend('operator', { scope: 'worker' }, ({ lab }) => new Operator({ ...lab, url: lab.api }))
  .extend('browsers', { scope: 'file' }, async ({ lab, home }, { onCleanup }) => {
    const browsers = new Browsers(await browserAtHome(lab.data, home));
    onCleanup(() => browsers.close());
    return browsers;
  });

function homeOfThisFile() {
  const homes = inject('homes');
  const home = homes[Number(env.VITEST_POOL_ID) - 1];
  if (home === undefined) throw new Error(`worker ${env.VITEST_POOL_ID} has no home, of ${homes.length}`);
  return home;
}
