/** A table that the gateway needs, with the statement that creates it where it is missing. */
export interface SqlTable {
  readonly name: string;
  readonly sql: string;
}

/** SQL by column. */
export type Columns = Readonly<Record<string, string>>;

/**
 * Columns of `call_records`, one row a call, written by the gateway alone (`cdr_adaptive_odbc`).
 * Times are milliseconds since the epoch. A column's name is also the name of the CDR variable that fills it.
 */
export const callRecordColumns: Columns = {
  /** Asterisk's `linkedid`, the same as `callId` in the call's admission. */
  call_id: 'VARCHAR(64) NOT NULL PRIMARY KEY',
  /** `inbound`, `outbound` or `internal`. */
  direction: 'VARCHAR(16)',
  /** The user's extension: the caller's on outbound and internal calls, else the called one. */
  extension: 'VARCHAR(16)',
  /** The digest user name (device) that placed the call, or that answered an inbound one. */
  credential: 'VARCHAR(64)',
  /** The other party: E.164 on trunk calls where known, an extension on internal ones, or what was dialled. */
  number: 'VARCHAR(64)',
  /** The user's own number on a trunk call: the caller ID shown outbound, the number called inbound. */
  own_number: 'VARCHAR(64)',
  trunk: 'VARCHAR(64)',
  started_at: 'BIGINT',
  /** Null where the call was not answered. */
  answered_at: 'BIGINT',
  ended_at: 'BIGINT',
  /** Why it ended: a slug such as `completed`, `busy` or `no-caller-id`. */
  reason: 'VARCHAR(32)',
  /** The final SIP status of the call's INVITE. */
  sip_code: 'BIGINT',
};

/**
 * Columns of `call_legs`: the media of one end of an answered call, written by the gateway when that end hangs up.
 * A call between two phones has two legs, as has one between a phone and a carrier. Measured is what the gateway
 * received from that end.
 */
export const callLegColumns: Columns = {
  /** Asterisk's id of the channel. */
  id: 'VARCHAR(64) NOT NULL PRIMARY KEY',
  /** Of the record that it belongs to. */
  call_id: 'VARCHAR(64) NOT NULL',
  /** The SIP Call-ID (RFC 3261 section 20.8), by which the phone knows it. */
  sip_call_id: 'VARCHAR(255)',
  /** The endpoint: a device's digest user name, or the trunk. */
  credential: 'VARCHAR(64)',
  /** As Asterisk names it. */
  codec: 'VARCHAR(32)',
  packets_received: 'BIGINT',
  packets_lost: 'BIGINT',
  jitter_ms: 'DOUBLE PRECISION',
  round_trip_ms: 'DOUBLE PRECISION',
  ended_at: 'BIGINT',
};

/** The table of `callLegColumns`. */
export const callLegTable: SqlTable = {
  name: 'call_legs',
  sql: `CREATE TABLE call_legs (${columnList(callLegColumns)})`,
};

/**
 * When the called end of a call from a phone has left: the gateway adds a row, and the record and the lease of the call
 * take their end from it. Times in ms.
 */
export const callEndTable: SqlTable = {
  name: 'call_ends',
  sql: `CREATE TABLE call_ends (
  call_id VARCHAR(64) NOT NULL PRIMARY KEY,
  answered_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL
)`,
};

/**
 * Tables beside the business tables that the views and the gateway need. Create them after `users`.
 * `phones` are SIP phones on a desk: a lasting credential given by an operator, over UDP, TCP or TLS and
 * without DTLS, where `credentials` belong to signed-in browsers. Null `expires_at`: until it is deleted.
 */
export function gatewayTables(): readonly SqlTable[] {
  return [
    {
      name: 'call_records',
      sql: `CREATE TABLE IF NOT EXISTS call_records (${columnList(callRecordColumns)})`,
    },
    {
      name: 'phones',
      sql: `CREATE TABLE IF NOT EXISTS phones (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ha1 TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT
)`,
    },
  ];
}

function columnList(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => `\n  ${name} ${type}`)
    .join(',');
}
