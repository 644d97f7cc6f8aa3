import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { arch } from 'node:process';
import { rootCertificates } from 'node:tls';
import {
  completeSecrets,
  type Mounts,
  odbcSource,
  PARTS,
  type Part,
  partPaths,
  renderTemplate,
  type Secrets,
  type Settings,
  TemplateError,
  type Topology,
  templateValues,
} from '@handset/gateway-config';
import { holdMusic } from './hold-music.ts';
import { mediaAddresses } from './media-addresses.ts';
import { repo, SetupError } from './places.ts';

/** Where the programs see the data directory and the page, natively (enter.sh) and in containers alike. */
export const mounts: Mounts = { data: '/handset', page: '/page' };

export const secretsFile = (data: string) => join(data, 'secrets.json');

/** The secrets of the data directory; those that are missing are made, once and at random. */
export async function keepSecrets(data: string): Promise<Secrets> {
  const file = secretsFile(data);
  const kept: Record<string, unknown> = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
  const secrets = completeSecrets(() => randomBytes(32).toString('base64url'), kept);
  await writeFile(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return secrets;
}

/**
 * Renders the configuration of the parts, all when none is named, from their templates into the data directory.
 * @param database the gateway's address of PostgreSQL, or `undefined` for SQLite
 * @throws TemplateError naming the template at fault
 */
export async function renderConfiguration(
  data: string,
  settings: Settings,
  topology: Topology,
  secrets: Secrets,
  database: URL | undefined,
  parts: readonly Part[] = PARTS,
): Promise<void> {
  const odbc = odbcSource(mounts.data, arch, database);
  const media = await mediaAddresses(topology, settings.HANDSET_EXTERNAL_ADDRESS);
  for (const part of parts) {
    const here = partPaths(part, data);
    for (const directory of Object.values(here)) await mkdir(directory, { recursive: true, mode: 0o700 });
    const values = templateValues(part, { settings, topology, secrets, mounts, odbc, media });
    const templates = join(repo, 'asterisk', part);
    for (const file of await templatesIn(templates)) {
      const rendered = renderNamed(`${part}/${file}`, await readFile(join(templates, file), 'utf8'), values);
      await writeFile(join(here.etc, file), rendered, { mode: 0o600 });
    }
    if (part === 'gateway') {
      await writeHoldMusic(here.etc);
      await writeTrunkAuthorities(join(here.etc, 'trunk-ca.pem'), settings.HANDSET_TRUNK_CA);
      await refuseOldTrunk(join(data, 'pjsip.local.conf'));
    }
  }
}

/**
 * A file of the operator's own may add to the one trunk that earlier versions had in `pjsip.conf`: with it Asterisk would
 * read none of that configuration.
 * @throws SetupError saying what to do
 */
async function refuseOldTrunk(file: string): Promise<void> {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (!/^\s*\[trunk\]\s*\(\+/m.test(text)) return;
  throw new SetupError(
    `${file} adds to [trunk], which is no longer there. Trunks are made by the API now: say there what it says, ` +
      'credentials and registration, too (PATCH or POST /v1/trunks), and remove it from the file.',
  );
}

/**
 * The authorities whose certificates the gateway takes from carriers that it calls over TLS: those that come with Node
 * (Mozilla's), or the operator's own.
 * @throws SetupError where their file has no certificate
 */
async function writeTrunkAuthorities(file: string, own: string | undefined): Promise<void> {
  const path = own === undefined ? undefined : resolve(repo, own);
  const pem = path === undefined ? rootCertificates.join('\n') : await readFile(path, 'utf8').catch(() => '');
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new SetupError(`HANDSET_TRUNK_CA: ${path} is no file with certificates (PEM).`);
  await writeFile(file, `${pem}\n`, { mode: 0o600 });
}

async function writeHoldMusic(etc: string): Promise<void> {
  await mkdir(join(etc, 'moh'), { recursive: true, mode: 0o700 });
  await writeFile(join(etc, 'moh', 'handset.wav16'), holdMusic(), { mode: 0o600 });
}

async function templatesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.md')).map((entry) => entry.name);
}

function renderNamed(name: string, template: string, values: ReturnType<typeof templateValues>): string {
  try {
    return renderTemplate(template, values);
  } catch (cause) {
    if (cause instanceof TemplateError) throw new TemplateError(`asterisk/${name}: ${cause.message}`);
    throw cause;
  }
}

export type { Part };
