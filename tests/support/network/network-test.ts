import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { inject } from 'vitest';
import { Browsers, test as base } from '../e2e.ts';
import { Operator } from '../operator.ts';
import { Home } from './home.ts';
import { Namespace } from './namespace.ts';
import { GATEWAY_ADDRESS, PUBLIC_NAME } from './world.ts';

/** The certificate of the lab's own CA. */
export function readAuthority(data: string): Promise<Buffer> {
  return readFile(join(data, 'lib/caddy/pki/authorities/local/intermediate.crt'));
}

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
    const { publicKey } = new X509Certificate(await readAuthority(lab.data));
    const key = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
    // The browser's WebRTC asks for names with a dot at their end.
    const names = [PUBLIC_NAME, `*.${PUBLIC_NAME}`].flatMap((name) => [name, `${name}.`]);
    const flags = [
      `--host-resolver-rules=${names.map((name) => `MAP ${name} ${GATEWAY_ADDRESS}`).join(', ')}`,
      // What installing the CA's certificate would do.
      `--ignore-certificate-errors-spki-list=${key.digest('base64')}`,
    ];
    const browsers = new Browsers({ network: home.namespace.path, flags });
    onCleanup(() => browsers.close());
    return browsers;
  });

function homeOfThisFile() {
  const homes = inject('homes');
  const home = homes[Number(env.VITEST_POOL_ID) - 1];
  if (home === undefined) throw new Error(`worker ${env.VITEST_POOL_ID} has no home, of ${homes.length}`);
  return home;
}
