import { allowed, type Codec } from './codecs.ts';
import { type NumberFormat, readingOf } from './number-format.ts';

export const TRUNK_TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type TrunkTransport = (typeof TRUNK_TRANSPORTS)[number];

export interface TrunkHost {
  /** A host name, or an IPv4 address. */
  readonly host: string;
  /** Null: what DNS says (SRV), else the transport's own. */
  readonly port: number | null;
}

/** With what the gateway answers a carrier's challenge. */
export interface TrunkCredentials {
  readonly username: string;
  readonly secret:
    | { readonly kind: 'password'; readonly password: string }
    /** MD5(username:realm:password): good for this realm alone. */
    | { readonly kind: 'ha1'; readonly realm: string; readonly ha1: string };
}

/** A trunk as the gateway needs it. */
export interface GatewayTrunk {
  /** Also the name of its endpoint. */
  readonly id: string;
  /** Whether it is called and takes calls; one that is not gets OPTIONS all the same, so that it can be tested. */
  readonly enabled: boolean;
  readonly hosts: readonly TrunkHost[];
  readonly transport: TrunkTransport;
  readonly srtp: 'none' | 'optional' | 'required';
  /** Addresses and ranges whose calls are this trunk's. */
  readonly sources: readonly string[];
  readonly codecs: readonly Codec[];
  readonly inboundFormat: NumberFormat;
  readonly callerIdHeader: 'from' | 'pai' | 'both';
  /** In From in place of the caller's number. */
  readonly fromUser: string | null;
  readonly fromDomain: string | null;
  readonly trustsPai: boolean;
  /** Seconds between two OPTIONS; 0: none. */
  readonly optionsIntervalSeconds: number;
  readonly credentials?: TrunkCredentials | undefined;
  /** Where it registers: for how many seconds. */
  readonly registrationSeconds?: number | undefined;
}

/** One object of the gateway's configuration, as a section of `pjsip.conf` would have it. */
export interface ConfigObject {
  readonly name: string;
  readonly type: 'endpoint' | 'auth' | 'aor' | 'identify' | 'registration';
  /** In this order; a name may come several times. */
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** A host as it stands in a SIP URI after the `@`, with the transport where it is not UDP (RFC 3261 §19.1.1). */
export function sipTarget({ host, port }: TrunkHost, transport: TrunkTransport): string {
  return `${host}${port === null ? '' : `:${port}`}${transport === 'udp' ? '' : `;transport=${transport}`}`;
}

/** The address of the gateway's own contact of that host, on which it sends OPTIONS. */
export function hostContact(host: TrunkHost, transport: TrunkTransport): string {
  return `sip:${sipTarget(host, transport)}`;
}

/** The names of a trunk's registrations: one for each host, in the order of its hosts. */
export function registrationNames({ id, hosts }: Pick<GatewayTrunk, 'id' | 'hosts'>): string[] {
  return hosts.map((_host, index) => `${id}-${index + 1}`);
}

/**
 * The objects that make a trunk. All values are of the forms that the trunk's schema lets through, so that the gateway
 * can refuse none of them.
 * @param domain of the own SIP addresses, shown where the carrier wants none of its own
 */
export function trunkObjects(trunk: GatewayTrunk, domain: string): ConfigObject[] {
  const { id, credentials } = trunk;
  return [
    { name: id, type: 'endpoint', options: endpointOptions(trunk, domain) },
    { name: id, type: 'aor', options: aorOptions(trunk) },
    ...(credentials ? [{ name: id, type: 'auth' as const, options: authOptions(credentials) }] : []),
    ...(trunk.enabled ? [...identify(trunk), ...registrations(trunk)] : []),
  ];
}

type Options = [string, string][];

function endpointOptions(trunk: GatewayTrunk, domain: string): Options {
  const { id, callerIdHeader, fromUser, fromDomain, srtp } = trunk;
  const { home, nationalPrefix, internationalPrefix } = readingOf(trunk.inboundFormat);
  return [
    ['transport', `transport-${trunk.transport}`],
    // By its address alone: nobody becomes the trunk by a From header.
    ['identify_by', 'ip'],
    ['context', 'from-trunk'],
    ['aors', id],
    ...(trunk.credentials ? ([['outbound_auth', id]] satisfies Options) : []),
    ['from_domain', fromDomain ?? domain],
    ...(fromUser === null ? [] : ([['from_user', fromUser]] satisfies Options)),
    ['allow', allowed(trunk.codecs)],
    ['dtmf_mode', 'rfc4733'],
    ['direct_media', 'no'],
    ['rtp_symmetric', 'yes'],
    ['force_rport', 'yes'],
    ['rewrite_contact', 'no'],
    // The caller's number in P-Asserted-Identity (RFC 3325).
    ['send_pai', callerIdHeader === 'from' ? 'no' : 'yes'],
    ['trust_id_inbound', trunk.trustsPai ? 'yes' : 'no'],
    ['trust_id_outbound', 'yes'],
    ['send_connected_line', 'no'],
    ['allow_transfer', 'no'],
    ['allow_subscribe', 'no'],
    ['allow_overlap', 'no'],
    ['max_video_streams', '0'],
    // Seconds without media until a call is ended.
    ['rtp_timeout', '120'],
    ['rtp_timeout_hold', '3600'],
    ['media_encryption', srtp === 'none' ? 'no' : 'sdes'],
    ['media_encryption_optimistic', srtp === 'optional' ? 'yes' : 'no'],
    ['set_var', `HANDSET_HOME=${home}`],
    ['set_var', `HANDSET_NATIONAL=${nationalPrefix}`],
    ['set_var', `HANDSET_INTERNATIONAL=${internationalPrefix}`],
  ];
}

/** Seconds until a host that does not answer an OPTIONS counts as dead. */
const OPTIONS_TIMEOUT = '3.0';

function aorOptions({ hosts, transport, optionsIntervalSeconds }: GatewayTrunk): Options {
  return [
    ...hosts.map((host): [string, string] => ['contact', hostContact(host, transport)]),
    ['qualify_frequency', String(optionsIntervalSeconds)],
    ['qualify_timeout', OPTIONS_TIMEOUT],
  ];
}

function authOptions({ username, secret }: TrunkCredentials): Options {
  if (secret.kind === 'ha1') {
    return [
      ['auth_type', 'md5'],
      ['username', username],
      ['realm', secret.realm],
      ['md5_cred', secret.ha1],
    ];
  }
  return [
    ['auth_type', 'userpass'],
    ['username', username],
    ['password', secret.password],
    // Whichever of the two the carrier asks for.
    ['supported_algorithms_uac', 'SHA-256,MD5'],
  ];
}

function identify({ id, sources }: GatewayTrunk): ConfigObject[] {
  if (sources.length === 0) return [];
  const matches = sources.map((source): [string, string] => ['match', source]);
  return [{ name: id, type: 'identify', options: [['endpoint', id], ...matches] }];
}

/** Seconds until the next try, where a registrar does not answer or refuses. */
const REGISTER_AGAIN = '30';
const REGISTER_AGAIN_AFTER_REFUSAL = '300';

function registrations(trunk: GatewayTrunk): ConfigObject[] {
  const { id, hosts, transport, credentials, registrationSeconds } = trunk;
  if (!credentials || registrationSeconds === undefined) return [];
  const names = registrationNames(trunk);
  return hosts.map((host, index) => ({
    name: names[index] ?? id,
    type: 'registration',
    options: [
      ['transport', `transport-${transport}`],
      ['outbound_auth', id],
      ['server_uri', hostContact(host, transport)],
      ['client_uri', `sip:${trunk.fromUser ?? credentials.username}@${trunk.fromDomain ?? host.host}`],
      // A call to the contact itself has the called number in To: the dialplan knows it by this user.
      ['contact_user', id],
      ['expiration', String(registrationSeconds)],
      // At once, where many at one registrar would be spread.
      ['max_random_initial_delay', '0'],
      ['retry_interval', REGISTER_AGAIN],
      ['forbidden_retry_interval', REGISTER_AGAIN_AFTER_REFUSAL],
      ['fatal_retry_interval', REGISTER_AGAIN_AFTER_REFUSAL],
      // For ever: a registrar that is away for a day must not need somebody's hand.
      ['max_retries', '1000000'],
      ['auth_rejection_permanent', 'no'],
    ],
  }));
}
