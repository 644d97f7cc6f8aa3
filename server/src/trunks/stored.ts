import { createHash } from 'node:crypto';
import type { GatewayTrunk, TrunkCredentials } from '@handset/gateway-config';
import type { Db } from '../db/database.ts';
import type { TrunksTable } from '../db/tables.ts';
import { iso } from '../http/text.ts';
import {
  CREDENTIAL_DEFAULTS,
  REGISTRATION_DEFAULTS,
  TRUNK_DEFAULTS,
  type TrunkSettings,
} from './settings.ts';

/** A trunk as the database has it, read. */
export interface StoredTrunk {
  readonly row: TrunksTable;
  readonly settings: TrunkSettings;
  /** Addresses of its hosts when they were last looked up. */
  readonly resolved: readonly string[];
}

export type Secret = Pick<TrunksTable, 'password' | 'ha1'>;

const OF_KIND = { address: {}, digest: CREDENTIAL_DEFAULTS, registration: REGISTRATION_DEFAULTS };

export function readTrunk(row: TrunksTable): StoredTrunk {
  const { name, kind } = row;
  // It was checked when it was written; what a later version added has its default.
  const settings = {
    ...TRUNK_DEFAULTS,
    ...OF_KIND[kind],
    ...JSON.parse(row.settings),
    kind,
    name,
    enabled: row.enabled === 1,
  } as TrunkSettings;
  return { row, settings, resolved: JSON.parse(row.resolved) };
}

/** @returns what the columns of the table have of these settings */
export function toColumns({ kind, name, enabled, ...rest }: TrunkSettings) {
  return { kind, name, enabled: enabled ? 1 : 0, settings: JSON.stringify(rest) } as const;
}

/** All trunks: the lowest priority first, of the same the older one. */
export async function loadTrunks(db: Db): Promise<StoredTrunk[]> {
  const rows = await db.selectFrom('trunks').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(readTrunk).toSorted((a, b) => a.settings.priority - b.settings.priority);
}

/** As the API shows it: all but the password. */
export function toTrunk({ row, settings }: StoredTrunk) {
  return { id: row.id, fromSettings: row.from_settings === 1, ...settings, createdAt: iso(row.created_at) };
}
export type Trunk = ReturnType<typeof toTrunk>;

/** What is kept of a password: where the realm is known no more than a digest of it (RFC 2617 section 3.2.2.2). */
export function keepPassword(password: string, username: string, realm: string | null): Secret {
  if (realm === null) return { password, ha1: null };
  return {
    password: null,
    ha1: createHash('md5').update(`${username}:${realm}:${password}`).digest('hex'),
  };
}

/** The trunk as the gateway needs it. */
export function toGateway({ row, settings, resolved }: StoredTrunk): GatewayTrunk {
  const { inboundAddresses } = settings;
  return {
    ...settings,
    id: row.id,
    sources: inboundAddresses.length > 0 ? inboundAddresses : resolved,
    credentials: credentialsOf(row, settings),
    registrationSeconds: settings.kind === 'registration' ? settings.registrationSeconds : undefined,
  };
}

function credentialsOf(
  { password, ha1 }: TrunksTable,
  settings: TrunkSettings,
): TrunkCredentials | undefined {
  if (settings.kind === 'address') return undefined;
  const { username, realm } = settings;
  if (password !== null) return { username, secret: { kind: 'password', password } };
  if (ha1 !== null && realm !== null) return { username, secret: { kind: 'ha1', realm, ha1 } };
  return undefined;
}
