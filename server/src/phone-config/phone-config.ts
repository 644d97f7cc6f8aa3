import { createHash } from 'node:crypto';
import {
  codecOrder,
  emergencyNumbers,
  REALM,
  type Secrets,
  type Settings,
  type Topology,
} from '@handset/gateway-config';
import type { Database, Tx } from '../db/database.ts';
import type { CredentialOwnersTable } from '../db/tables.ts';
import type { Person, RequestFacts } from '../http/route.ts';
import { iso } from '../http/text.ts';
import { loadCallingLimits } from '../policies/calling-limits.ts';
import { randomId, randomSecret } from '../random.ts';
import { type Self, selfOf } from '../sessions/sessions.ts';
import { loadOutsideCodecs } from '../trunks/outside-codecs.ts';
import { phoneAddresses } from './addresses.ts';
import { turnCredential } from './turn.ts';

/** A device may have this many credentials (tabs, reloads); with one more the oldest ends. */
const LIVE_CREDENTIALS = 5;
/**
 * An ended credential is remembered this long, in ms: a contact or call made with it may live on, and has to end
 * when the device is revoked. Longer than the longest call, and than any registration.
 */
const REMEMBERED_MS = 24 * 3_600_000;
/** Longer than any credential and the longest call with it, in ms. */
const OWNER_KEPT_MS = 60 * 24 * 3_600_000;
const PASSWORD_BITS = 192;

export interface PhoneConfigContext {
  readonly database: Database;
  readonly settings: Settings;
  readonly topology: Topology;
  readonly secrets: Pick<Secrets, 'turn'>;
}

interface Minted {
  readonly id: string;
  readonly password: string;
  readonly expiresAt: number;
}

/**
 * All that a phone needs to work, with a fresh SIP credential for this device. It is valid on the gateway from
 * the reply on: the gateway reads the committed row.
 */
export async function phoneConfig(person: Person, facts: RequestFacts, context: PhoneConfigContext) {
  const { settings } = context;
  const { user, minted, calling } = await context.database.db.transaction().execute(async (tx) => ({
    minted: await mintCredential(tx, person, settings.HANDSET_CREDENTIAL_TTL * 1000),
    user: await selfOf(tx, person.userId),
    calling: await loadCalling(tx, settings),
  }));
  const { stun, turn, webSockets } = phoneAddresses(facts, context.topology, settings);
  return {
    user,
    deviceId: person.deviceId,
    sip: sipIdentity(user, minted, settings.HANDSET_DOMAIN),
    webSockets,
    iceServers: [
      { urls: [stun] },
      { urls: turn, ...turnCredential(context.secrets.turn, person.deviceId, minted.expiresAt) },
    ],
    iceTransportPolicy: settings.HANDSET_RELAY_ONLY ? ('relay' as const) : ('all' as const),
    codecs: codecOrder(settings),
    ...calling,
    country: settings.HANDSET_COUNTRY,
  };
}

/** What a phone has to know of calls that go outside. */
async function loadCalling(tx: Tx, settings: Settings) {
  const named = (await loadCallingLimits(tx)).emergencyNumbers;
  return {
    outsideCodecs: await loadOutsideCodecs(tx, settings),
    emergencyNumbers: [...new Set([...emergencyNumbers(settings), ...named])],
  };
}

function sipIdentity(user: Self, minted: Minted, domain: string) {
  return {
    uri: `sip:${user.extension}@${domain}`,
    authorizationUser: minted.id,
    password: minted.password,
    realm: REALM,
    expiresAt: iso(minted.expiresAt),
  };
}

async function mintCredential(
  tx: Tx,
  { userId, deviceId, sessionExpiresAt }: Person,
  ttlMs: number,
): Promise<Minted> {
  const now = Date.now();
  const id = randomId('dv');
  const password = randomSecret(PASSWORD_BITS);
  const expiresAt = Math.min(now + ttlMs, sessionExpiresAt);
  const row = { id, device_id: deviceId, ha1: ha1(id, password), created_at: now, expires_at: expiresAt };
  await tx.insertInto('credentials').values(row).execute();
  await noteOwner(tx, { credential: id, user_id: userId, device_id: deviceId, created_at: now });
  await endOldest(tx, deviceId, now);
  return { id, password, expiresAt };
}

/** Whose it was must be known when the last record of a call with it is written. */
async function noteOwner(tx: Tx, owner: CredentialOwnersTable): Promise<void> {
  await tx
    .deleteFrom('credential_owners')
    .where('created_at', '<', owner.created_at - OWNER_KEPT_MS)
    .execute();
  await tx.insertInto('credential_owners').values(owner).execute();
}

async function endOldest(tx: Tx, deviceId: string, now: number): Promise<void> {
  await tx
    .updateTable('credentials')
    .set({ expires_at: now })
    .where('device_id', '=', deviceId)
    .where('expires_at', '>', now)
    .where('id', 'not in', (of) =>
      of
        .selectFrom('credentials')
        .select('id')
        .where('device_id', '=', deviceId)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(LIVE_CREDENTIALS),
    )
    .execute();
  await tx
    .deleteFrom('credentials')
    .where('device_id', '=', deviceId)
    .where('expires_at', '<', now - REMEMBERED_MS)
    .execute();
}

/** MD5(user:realm:password), RFC 2617 section 3.2.2.2: all that the gateway needs, and all that is kept. */
export function ha1(user: string, password: string): string {
  return createHash('md5').update(`${user}:${REALM}:${password}`).digest('hex');
}
