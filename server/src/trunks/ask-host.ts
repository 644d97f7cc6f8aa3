import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Settings } from '@handset/gateway-config';
import type { AskHost } from './answers.ts';
import { askOptions } from './options.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../..');
/** No account of the carrier's, so that it knows us by our address alone. */
const NOBODY = 'options';

/** Asks hosts as the gateway would: in the trunk's name, and of the same authorities. */
export function hostAsker({
  HANDSET_DOMAIN,
  HANDSET_TRUNK_CA,
}: Pick<Settings, 'HANDSET_DOMAIN' | 'HANDSET_TRUNK_CA'>): AskHost {
  return async ({ transport, fromUser, fromDomain }, host) =>
    askOptions({
      host,
      transport,
      from: `${fromUser ?? NOBODY}@${fromDomain ?? HANDSET_DOMAIN}`,
      authorities: await read(HANDSET_TRUNK_CA),
    });
}

/** One that can't be read was refused when the gateway's configuration was made. */
async function read(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : readFile(resolve(CHECKOUT, file), 'utf8').catch(() => undefined);
}
