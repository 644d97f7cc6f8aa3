import type { NumberState } from '../numbers/states.ts';

/**
 * The business tables. All times are milliseconds since the epoch, all ids opaque text.
 * Asterisk reads views of these (see `gateway-config/src/sql-views.ts`), and writes `call_records` itself.
 */
export interface Tables {
  users: UsersTable;
  devices: DevicesTable;
  credentials: CredentialsTable;
  phones: PhonesTable;
  numbers: NumbersTable;
  api_keys: ApiKeysTable;
  revocations: RevocationsTable;
  audit_log: AuditLogTable;
  idempotency_keys: IdempotencyKeysTable;
}

export interface UsersTable {
  id: string;
  /** Lower-case. */
  login: string;
  name: string;
  /** argon2id in PHC form. */
  password_hash: string;
  role: 'admin' | 'user';
  extension: string;
  disabled_at: number | null;
  created_at: number;
}

/** One for each sign-in: a browser. */
export interface DevicesTable {
  id: string;
  user_id: string;
  /** SHA-256 of the session cookie's value, which itself is not kept. */
  session_hash: string;
  user_agent: string;
  address: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  revoked_at: number | null;
}

/** A device's SIP credentials: each phone-config mints one. */
export interface CredentialsTable {
  /** The digest user name. */
  id: string;
  device_id: string;
  /** MD5(id:realm:password) in lower-case hex (RFC 2617 section 3.2.2.2); the password itself is not kept. */
  ha1: string;
  created_at: number;
  expires_at: number;
}

/** A user's desk phones: SIP credentials that last. */
export interface PhonesTable {
  id: string;
  user_id: string;
  ha1: string;
  created_at: number;
  expires_at: number | null;
}

export interface NumbersTable {
  e164: string;
  user_id: string | null;
  created_at: number;
  assigned_at: number | null;
  state: NumberState;
  /** When reservation or quarantine are over: then it is available, whatever `state` says. */
  state_until: number | null;
  reserved_for: string | null;
}

export interface ApiKeysTable {
  id: string;
  name: string;
  /** SHA-256 of the key: it is random, so that no slow hash is needed. */
  key_hash: string;
  created_at: number;
  last_used_at: number | null;
  /** Names, with spaces between. */
  scopes: string;
  revoked_at: number | null;
}

/** One row for each change. */
export interface AuditLogTable {
  id: string;
  at: number;
  actor_kind: 'key' | 'user' | 'server';
  actor_id: string;
  actor_name: string;
  action: string;
  subject: string;
  /** JSON of what changed, as it was. */
  before: string | null;
  /** JSON of the same, as it is then. */
  after: string | null;
}

/** Requests that were done, for those who send them again. */
export interface IdempotencyKeysTable {
  actor_id: string;
  key: string;
  fingerprint: string;
  created_at: number;
  /** JSON of the reply; null where it showed a secret. */
  reply: string | null;
}

/** Revoked credentials whose contacts and calls the gateway has not yet been told to end. */
export interface RevocationsTable {
  credential_id: string;
  extension: string;
  revoked_at: number;
}
