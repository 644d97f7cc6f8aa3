import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  completeSecrets,
  readSettings,
  type Settings,
  SettingsError,
  secretsSchema,
  type Topology,
  topology,
} from '@handset/gateway-config';
import type { z } from 'zod';
import { StartError } from './start-error.ts';

/** The simulated carrier's is none of the server's: a file of an earlier version has none. */
const serverSecretsSchema = secretsSchema.omit({ carrier: true });
type ServerSecrets = Readonly<z.output<typeof serverSecretsSchema>>;

/** All that the server must know before it starts, checked. */
export interface ServerConfig {
  readonly settings: Settings;
  readonly topology: Topology;
  readonly secrets: ServerSecrets;
  /** Path of the SQLite file; not used where `settings.DATABASE_URL` is set. */
  readonly sqliteFile: string;
}

/**
 * Reads settings and secrets. A missing secrets file is made (mode 600), so that an empty data directory is
 * enough to start.
 * @throws StartError saying in one sentence (or one line a fault) what is wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const settings = settingsOf(environment);
  const data = settings.HANDSET_DATA;
  return {
    settings,
    topology: topology(settings, topologyKind(environment.HANDSET_TOPOLOGY)),
    secrets: secretsFrom(environment.HANDSET_SECRETS || join(data, 'secrets.json'), data),
    sqliteFile: join(data, 'handset.db'),
  };
}

function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) throw new StartError(error.message);
    throw error;
  }
}

function topologyKind(given: string | undefined): Topology['kind'] {
  if (given === undefined || given === '' || given === 'native') return 'native';
  if (given === 'compose') return 'compose';
  throw new StartError(`HANDSET_TOPOLOGY must be native or compose, not ${given}.`);
}

function secretsFrom(file: string, data: string): ServerSecrets {
  const text = readOrMake(file, data);
  try {
    const parsed = serverSecretsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new StartError(`The secrets in ${file} can't be used: ${faults.join('; ')}.`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${file} is not JSON; restore it, or remove it to have new secrets made.`);
  }
}

function readOrMake(file: string, data: string): string {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const made = completeSecrets(() => randomBytes(32).toString('base64url'));
    // `wx`: of two processes that start at once, the second takes the secrets of the first.
    writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST') throw new StartError(`Can't write ${file} (${code ?? error}).`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(`Can't read ${file} (${(error as NodeJS.ErrnoException).code ?? error}).`);
  }
}
