import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { partPaths, renderTemplate, type TemplateValues } from '@handset/gateway-config';
import { mounts } from '../../asterisk/lab/configuration.ts';
import { insideRoot } from '../../asterisk/lab/parts.ts';
import { SupervisedProcess } from '../../asterisk/lab/process.ts';
import { sipAnswers } from '../../asterisk/lab/readiness.ts';
import type { Account } from './load.ts';

const TEMPLATES = join(import.meta.dirname, 'bare');
const PHONE = 'phone.conf';
const HOST = '127.0.0.1';
const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

interface BareOptions {
  /** A directory of its own. */
  readonly data: string;
  readonly port: number;
  readonly media: { readonly first: number; readonly last: number };
  readonly trunk: { readonly host: string; readonly port: number };
  readonly accounts: readonly Account[];
}

/** The same Asterisk with the least configuration that does the same: static files, no database, no admission. */
export async function startBareAsterisk(options: BareOptions): Promise<SupervisedProcess> {
  const { data, port } = options;
  const paths = partPaths('gateway', data);
  for (const directory of Object.values(paths)) await mkdir(directory, { recursive: true, mode: 0o700 });
  const values = await templateValues(options);
  for (const file of await readdir(TEMPLATES)) {
    if (file === PHONE) continue;
    const text = renderTemplate(await readFile(join(TEMPLATES, file), 'utf8'), values);
    await writeFile(join(paths.etc, file), text, { mode: 0o600 });
  }
  const { etc } = partPaths('gateway', mounts.data);
  const program = {
    name: 'bare',
    ...insideRoot(data, ['/usr/sbin/asterisk', '-f', '-C', `${etc}/asterisk.conf`]),
    ready: (signal: AbortSignal) => sipAnswers(HOST, port, signal),
  };
  const supervised = new SupervisedProcess(program, join(data, 'bare.log'), () => {});
  await supervised.start();
  return supervised;
}

async function templateValues({ port, media, trunk, accounts }: BareOptions): Promise<TemplateValues> {
  const phone = await readFile(join(TEMPLATES, PHONE), 'utf8');
  const paths = partPaths('gateway', mounts.data);
  return {
    ...Object.fromEntries(Object.entries(paths).map(([name, path]) => [`paths.${name}`, path])),
    triplet: TRIPLETS[arch] ?? arch,
    'sip.host': HOST,
    'sip.port': String(port),
    'media.first': String(media.first),
    'media.last': String(media.last),
    'trunk.host': trunk.host,
    'trunk.port': String(trunk.port),
    phones: accounts.map((account) => renderTemplate(phone, { ...account })).join('\n'),
  };
}
