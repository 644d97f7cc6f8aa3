import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChromiumOptions } from '../chromium.ts';
import type { Home } from './home.ts';
import { GATEWAY_ADDRESS, PUBLIC_NAME } from './world.ts';

/** The certificate of the lab's own CA. */
export function readAuthority(data: string): Promise<Buffer> {
  return readFile(join(data, 'lib/caddy/pki/authorities/local/intermediate.crt'));
}

/** How a browser is started that is at home, and finds and trusts the lab whose data directory this is. */
export async function browserAtHome(data: string, home: Home): Promise<ChromiumOptions> {
  const { publicKey } = new X509Certificate(await readAuthority(data));
  const key = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  // The browser's WebRTC asks for names with a dot at their end.
  const names = [PUBLIC_NAME, `*.${PUBLIC_NAME}`].flatMap((name) => [name, `${name}.`]);
  const flags = [
    `--host-resolver-rules=${names.map((name) => `MAP ${name} ${GATEWAY_ADDRESS}`).join(', ')}`,
    // What installing the CA's certificate would do.
    `--ignore-certificate-errors-spki-list=${key.digest('base64')}`,
  ];
  return { network: home.namespace.path, flags };
}
