import type { ConfigRow, EmergencyRoute } from '@handset/gateway-config';
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
  policies: PoliciesTable;
  calling_limits: CallingLimitsTable;
  rates: RatesTable;
  leases: LeasesTable;
  call_records: CallRecordsTable;
  call_legs: CallLegsTable;
  call_ends: CallEndsTable;
  phone_reports: PhoneReportsTable;
  credential_owners: CredentialOwnersTable;
  bans: BansTable;
  trunks: TrunksTable;
  gateway_config: ConfigRow;
  emergency_routes: EmergencyRoute;
  trunk_leases: TrunkLeasesTable;
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
  /** Null: the default one. */
  policy_id: string | null;
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

/** Who may call where, and how much. */
export interface PoliciesTable {
  id: string;
  name: string;
  /** JSON of what differs from the defaults; see `policies/rules.ts`. */
  rules: string;
  created_at: number;
}

/** One row: limits of all calls together. */
export interface CallingLimitsTable {
  id: 'all';
  /** JSON; see `policies/limits.ts`. */
  limits: string;
}

/** What a minute costs. */
export interface RatesTable {
  prefix: string;
  name: string;
  /** Millionths of the currency. */
  per_minute_micros: number;
}

/**
 * A call that was let through: it counts for limits until its record is written (a trigger sets `ended_at` and
 * `used_ms` then), at the longest until `expires_at`.
 */
export interface LeasesTable {
  call_id: string;
  user_id: string;
  number: string;
  admitted_at: number;
  expires_at: number;
  /** The greatest duration that the call was given. */
  reserved_ms: number;
  per_minute_micros: number;
  ended_at: number | null;
  /** From answer to end; 0 where nobody answered. */
  used_ms: number | null;
}

/** One for each call, written by the gateway alone; see `callRecordColumns` in `gateway-config`. */
export interface CallRecordsTable {
  call_id: string;
  direction: 'inbound' | 'outbound' | 'internal' | null;
  extension: string | null;
  credential: string | null;
  number: string | null;
  own_number: string | null;
  trunk: string | null;
  started_at: number | null;
  answered_at: number | null;
  ended_at: number | null;
  reason: string | null;
  sip_code: number | null;
  /** Trunks tried before it, and how each attempt ended; see `call-records/attempts.ts`. */
  attempts: string | null;
  /** Filled in by a trigger, as is `device_id`. */
  user_id: string | null;
  device_id: string | null;
}

/** Ends of calls from phones, in ms; the gateway adds them. */
interface CallEndsTable {
  call_id: string;
  answered_at: number;
  ended_at: number;
}

/** One for each end of an answered call, written by the gateway; see `callLegColumns` in `gateway-config`. */
export interface CallLegsTable {
  id: string;
  call_id: string;
  sip_call_id: string | null;
  credential: string | null;
  codec: string | null;
  packets_received: number | null;
  packets_lost: number | null;
  jitter_ms: number | null;
  round_trip_ms: number | null;
  ended_at: number | null;
  /** Filled in by a trigger. */
  user_id: string | null;
}

/** What a phone measured of a call: of what it received. */
export interface PhoneReportsTable {
  user_id: string;
  sip_call_id: string;
  codec: string | null;
  packets_received: number;
  packets_lost: number;
  jitter_ms: number;
  round_trip_ms: number | null;
  mos: number | null;
  reported_at: number;
}

/** Whose each credential was: kept when the credential itself is long gone. */
export interface CredentialOwnersTable {
  credential: string;
  user_id: string;
  device_id: string | null;
  created_at: number;
}

/** Addresses that the gateway refuses. */
export interface BansTable {
  id: string;
  /** IPv4, or the /64 of an IPv6 address. */
  address: string;
  failures: number;
  created_at: number;
  expires_at: number;
}

/** Carriers; `gateway_config` and `emergency_routes` are made from these, for the gateway to read. */
export interface TrunksTable {
  id: string;
  name: string;
  kind: 'address' | 'digest' | 'registration';
  enabled: 0 | 1;
  /** Whether its hosts are those of HANDSET_TRUNK, or the simulated carrier. */
  from_settings: 0 | 1;
  /** JSON of what differs from the defaults; see `trunks/settings.ts`. */
  settings: string;
  /** Only where the carrier's realm is not known: the gateway needs it then to answer a challenge. */
  password: string | null;
  /** MD5(username:realm:password) in place of the password, where the realm is known. */
  ha1: string | null;
  /** JSON: the addresses that its hosts' names stood for when they were last looked up. */
  resolved: string;
  created_at: number;
}

/** A call's place on a trunk; with the call's own lease it ends. One that went on to another trunk has left. */
export interface TrunkLeasesTable {
  call_id: string;
  trunk_id: string;
  taken_at: number;
  left_at: number | null;
}
