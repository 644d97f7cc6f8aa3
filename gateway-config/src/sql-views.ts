import { allowed, codecOrder } from './codecs.ts';
import { REALM } from './render.ts';
import type { Settings } from './settings.ts';
import type { Columns } from './sql-tables.ts';

/** The two databases that Handset runs on. */
export type SqlDialect = 'sqlite' | 'postgres';

/** A view that the gateway reads, with the statement that creates it. */
export interface SqlView {
  readonly name: string;
  readonly sql: string;
}

type CodecSettings = Pick<Settings, 'HANDSET_CODECS' | 'HANDSET_OUTSIDE_CODECS'>;

/** An extension rings on at most this many devices; one more takes the place of the one that expires first. */
const MAX_CONTACTS = 10;

/** Options that every endpoint has, browser or phone. */
function endpointOptions(domain: string): Columns {
  return {
    // The endpoint by the digest user name; the AOR of a REGISTER by the user in its To.
    identify_by: `'auth_username,username'`,
    context: `'from-phone'`,
    from_domain: `'${domain}'`,
    callerid: callerId('u.name', 'u.extension'),
    // The realtime engine makes two values of what a semicolon parts.
    set_var: `'HANDSET_EXTENSION=' || u.extension || ';TRANSFER_CONTEXT=no-blind-transfer'`,
    dtmf_mode: `'rfc4733'`,
    direct_media: `'no'`,
    rewrite_contact: `'yes'`,
    rtp_symmetric: `'yes'`,
    force_rport: `'yes'`,
    // Two calls of one's own may be joined (RFC 3891); anything else that a REFER asks for has no place to go.
    allow_transfer: `'yes'`,
    allow_subscribe: `'no'`,
    allow_overlap: `'no'`,
    send_connected_line: `'no'`,
    trust_id_inbound: `'no'`,
    max_video_streams: `'0'`,
    device_state_busy_at: `'0'`,
  };
}

/** Browsers: `webrtc=yes` stands for DTLS-SRTP, ICE, AVPF, RTCP multiplexing and bundling. */
const browserOptions: Columns = {
  webrtc: `'yes'`,
  // sip.js has no session timers (RFC 4028).
  timers: `'no'`,
  // Seconds without media until a leg is ended: its page was closed, or crashed, and no other one took it over. A call on
  // hold is no exception: a browser that holds goes on sending (silence).
  rtp_timeout: `'25'`,
  rtp_timeout_hold: `'25'`,
};

/**
 * What a browser that is called is offered. The caller's codec alone: of several, Asterisk would take the one that comes
 * first in `allow`, whatever the answer says, and would go on through PCM when the sound turns out to be another's. Where
 * the caller has none of these codecs, all are offered.
 */
const OFFERS: Readonly<Record<Settings['HANDSET_OUTSIDE_CODECS'], string>> = {
  trunk: 'remote_first',
  phone: 'local_merge',
};

function codecOptions(settings: CodecSettings): Columns {
  return {
    allow: `'${allowed(codecOrder(settings))}'`,
    outgoing_call_offer_pref: `'${OFFERS[settings.HANDSET_OUTSIDE_CODECS]}'`,
  };
}

/** Desk phones: plain RTP. */
const phoneOptions: Columns = {
  webrtc: `'no'`,
  allow: `'!all,g722,ulaw,alaw'`,
  // Asterisk's default.
  outgoing_call_offer_pref: `'remote_merge'`,
  timers: `'yes'`,
  rtp_timeout: `'0'`,
  rtp_timeout_hold: `'0'`,
};

/** A display name must not end its quotes, nor carry an address or a line of its own. */
function callerId(name: string, extension: string): string {
  const clean = ['"', '<', '>', '\\'].reduce((sql, bad) => `replace(${sql}, '${bad}', '')`, name);
  return `'"' || ${clean} || '" <' || ${extension} || '>'`;
}

/** In the order of their names: the parts of a UNION are joined by position, whatever their columns are called. */
function selectList(columns: Columns): string {
  return Object.entries(columns)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${value} AS ${name}`)
    .join(',\n  ');
}

/** The present time in milliseconds since the epoch. */
const NOW: Readonly<Record<SqlDialect, string>> = {
  sqlite: `CAST(round(unixepoch('subsec') * 1000) AS INTEGER)`,
  postgres: '(extract(epoch FROM now()) * 1000)::bigint',
};

/**
 * The views that the gateway reads (Asterisk realtime and `func_odbc`). Only what is live appears: a credential
 * that has expired or was deleted, a revoked device and a disabled user are gone with the next request.
 *
 * Each credential is an endpoint of its own, found by the digest user name, and all endpoints of a user share
 * the AOR that is named after the extension. So the gateway knows for certain which device calls, browsers and
 * desk phones differ in media, and a request without credentials is answered the same for every From address.
 *
 * The server drops and creates them at every start. Indexes on `devices (user_id)` and `credentials (device_id)`
 * keep a request at a few microseconds.
 */
export function gatewayViews(
  dialect: SqlDialect,
  settings: Pick<Settings, 'HANDSET_DOMAIN'> & CodecSettings,
): readonly SqlView[] {
  const now = NOW[dialect];
  const common = endpointOptions(settings.HANDSET_DOMAIN);
  const browsers = [BROWSERS, browserIsLive(now)] as const;
  const phones = [PHONES, phoneIsLive(now)] as const;
  const bodies: Readonly<Record<string, string>> = {
    ps_endpoints: [
      endpointsOf(...browsers, { ...common, ...browserOptions, ...codecOptions(settings) }),
      endpointsOf(...phones, { ...common, ...phoneOptions }),
    ].join('\nUNION ALL\n'),
    ps_auths: [authsOf(...browsers), authsOf(...phones)].join('\nUNION ALL\n'),
    ps_aors: aors,
    ps_acls: acls(dialect, now),
    gateway_numbers: `SELECT n.e164 AS e164, u.extension AS extension
FROM numbers n JOIN users u ON u.id = n.user_id
WHERE u.disabled_at IS NULL`,
    gateway_extensions: `SELECT u.extension AS extension, u.name AS name,
  (SELECT n.e164 FROM numbers n WHERE n.user_id = u.id ORDER BY n.assigned_at, n.e164 LIMIT 1) AS number
FROM users u
WHERE u.disabled_at IS NULL`,
    gateway_emergency_numbers: EMERGENCY[dialect],
    ps_trunks: `SELECT id, cat_metric, var_metric, filename, 0 AS commented, category, var_name, var_val
FROM gateway_config`,
    gateway_trunks: `SELECT position, trunk_id, target, form, home, national_prefix, international_prefix
FROM emergency_routes`,
  };
  return Object.entries(bodies).map(([name, body]) => ({ name, sql: `CREATE VIEW ${name} AS\n${body}` }));
}

// In all of these `c` is the credential, `d` its device and `u` its user. The conditions are written out in each
// view instead of in a view of their own: SQLite would read that one whole at every request.
const BROWSERS = 'credentials c JOIN devices d ON d.id = c.device_id JOIN users u ON u.id = d.user_id';
const PHONES = 'phones c JOIN users u ON u.id = c.user_id';

const browserIsLive = (now: string) =>
  `c.expires_at > ${now} AND d.expires_at > ${now} AND d.revoked_at IS NULL AND u.disabled_at IS NULL`;
const phoneIsLive = (now: string) =>
  `(c.expires_at IS NULL OR c.expires_at > ${now}) AND u.disabled_at IS NULL`;

function authsOf(source: string, live: string): string {
  return `SELECT c.id AS id, 'md5' AS auth_type, c.id AS username, '${REALM}' AS realm, c.ha1 AS md5_cred
FROM ${source}
WHERE ${live}`;
}

function endpointsOf(source: string, live: string, options: Columns): string {
  return `SELECT c.id AS id,
  c.id AS auth,
  u.extension AS aors,
  ${selectList(options)}
FROM ${source}
WHERE ${live}`;
}

const aors = `SELECT u.extension AS id, ${MAX_CONTACTS} AS max_contacts, 'yes' AS remove_existing,
  0 AS qualify_frequency, 60 AS minimum_expiration, 600 AS default_expiration, 3600 AS maximum_expiration,
  'no' AS support_path
FROM users u
WHERE u.disabled_at IS NULL`;

/** The emergency numbers that operators have named (`PATCH /v1/calling-limits`), beside those in the dialplan. */
const EMERGENCY: Readonly<Record<SqlDialect, string>> = {
  sqlite: `SELECT named.value AS number
FROM calling_limits, json_each(calling_limits.limits, '$.emergencyNumbers') AS named`,
  postgres: `SELECT jsonb_array_elements_text(calling_limits.limits::jsonb -> 'emergencyNumbers') AS number
FROM calling_limits`,
};

/** The gateway compares each message with every address; a row of 500 is read in a millisecond. */
const MAX_BANNED = 500;

/**
 * One access list with all addresses that are banned now, the latest where there are too many. The row is there even
 * when no address is, and has a column that means nothing (`@`): the gateway keeps in memory what has a field that it can
 * write out again, and would else read this view with every message.
 */
function acls(dialect: SqlDialect, now: string): string {
  const list = dialect === 'sqlite' ? 'group_concat' : 'string_agg';
  return `SELECT 'banned' AS id, (SELECT ${list}(b.address, ',') FROM (
  SELECT address FROM bans WHERE expires_at > ${now} ORDER BY created_at DESC LIMIT ${MAX_BANNED}) b) AS deny, 'yes' AS "@kept"`;
}
