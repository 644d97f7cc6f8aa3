import { emergencyNumbers } from './emergency.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Listener, TlsTopology, Topology } from './topology.ts';

/** The programs whose configuration is rendered from the templates in `asterisk/`. */
export const PARTS = ['gateway', 'pstn', 'coturn', 'caddy', 'haproxy'] as const;
export type Part = (typeof PARTS)[number];

/** Digest realm of every account: one for all, so that an answer tells nothing about the account. */
export const REALM = 'handset';

/** Where the data directory and the built page stand as the rendered programs see them. */
export interface Mounts {
  readonly data: string;
  readonly page: string;
}

/** How the gateway reaches the database over ODBC. */
export interface OdbcSource {
  /** Path of the driver's library. */
  readonly driver: string;
  /** Lines of the data source in `odbc.ini`. */
  readonly settings: string;
}

export type TemplateValues = Readonly<Record<string, string>>;

/** A template names a value that there is none of. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const PLACEHOLDER = /\{\{([A-Za-z.]+)\}\}/g;

/**
 * Replaces each `{{name}}` of a template.
 * @throws TemplateError when the template names an unknown value
 */
export function renderTemplate(template: string, values: TemplateValues): string {
  return template.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TemplateError(`no value for {{${name}}}`);
    return value;
  });
}

/** Everything that the values of a template come from. */
export interface TemplateSources {
  readonly settings: Settings;
  readonly topology: Topology;
  readonly secrets: Secrets;
  readonly mounts: Mounts;
  readonly odbc: OdbcSource;
  readonly media: MediaAddresses;
}

/** Where the gateway's media is to be found, which only the machine itself knows. */
export interface MediaAddresses {
  /** Addresses, or ranges `first-last`, that browsers may reach through TURN. */
  readonly peers: readonly string[];
  /** The gateway's own IPv4 addresses, which browsers get the external address for; empty where there is none. */
  readonly behindNat: readonly string[];
  /** The address that TURN relays from; not given where its listening address will do. */
  readonly relay?: string | undefined;
}

const ANY_ADDRESS = '0.0.0.0';

/** The values that the templates of `part` may name. */
export function templateValues(part: Part, sources: TemplateSources): TemplateValues {
  const { settings, topology, secrets, mounts, odbc, media } = sources;
  const { page, api, internal, gatewayHttp, gatewaySip, ami, pstn, turn, ports } = topology;
  const { gatewayMedia, pstnMedia, turnMedia } = ports;
  const externalAddress = settings.HANDSET_EXTERNAL_ADDRESS ?? '';
  const embedOrigins = settings.HANDSET_EMBED_ORIGINS ?? [];
  return {
    ...flatten('', { page, api, internal, gatewayHttp, gatewaySip, ami, pstn, turn } satisfies Record<
      string,
      Listener
    >),
    ...flatten('', { gatewayMedia, pstnMedia, turnMedia, secrets, odbc, trunk: topology.trunk }),
    'turnMedia.ports': String(turnMedia.last - turnMedia.first + 1),
    'ports.sipTls': String(ports.sipTls),
    publicUrl: topology.publicUrl,
    domain: settings.HANDSET_DOMAIN,
    emergencyNumbers: emergencyNumbers(settings)
      .map((number) => `exten => ${number},1,Goto(emergency,call,1)`)
      .join('\n'),
    embedOrigins: embedOrigins.map((origin) => `not header Origin ${origin}`).join('\n'),
    // Without a line it would be all of them.
    embeddingOrigins: (embedOrigins.length > 0 ? embedOrigins : ['none'])
      .map((origin) => `header Origin ${origin}`)
      .join('\n'),
    realm: REALM,
    externalAddress,
    // Told to listen everywhere, coturn would also hand out 0.0.0.0 as the address it relays from.
    turnListening: turn.bind === ANY_ADDRESS ? '' : `listening-ip=${turn.bind}`,
    turnPeers: media.peers.map((peer) => `allowed-peer-ip=${peer}`).join('\n'),
    turnRelay: relayLines(media.relay, externalAddress),
    iceHosts: media.behindNat.map((own) => `${own} => ${externalAddress},include_local_address`).join('\n'),
    ...tlsValues(topology, mounts.data),
    'paths.data': mounts.data,
    'paths.page': mounts.page,
    ...flatten('paths', partPaths(part, mounts.data)),
  };
}

/** What stands in the configuration with TLS, and without: see `Topology.tls`. */
function tlsValues({ tls, gatewayHttp, publicUrl }: Topology, data: string): TemplateValues {
  if (tls === undefined) {
    return {
      webSockets: `${gatewayHttp.host}:${gatewayHttp.port}`,
      'tls.global': 'auto_https off',
      'tls.site': '',
      'tls.plain': 'import phone',
      'tls.turn': 'no-tls',
      'tls.certificate': '',
      'tls.redirect': '',
      'tls.front': '',
    };
  }
  const { lib } = partPaths('caddy', data);
  const issuer = tls.issuer === 'internal' ? 'local' : 'acme-v02.api.letsencrypt.org-directory';
  const coturn = partPaths('coturn', data).lib;
  return {
    webSockets: `${tls.webSockets.host}:${tls.webSockets.port}`,
    'tls.global': caddyGlobal(tls),
    'tls.site': caddySite(tls),
    'tls.plain': caddyPlain(publicUrl),
    'tls.turn': [
      `tls-listening-port=${tls.turn.port}`,
      `cert=${coturn}/cert.pem`,
      `pkey=${coturn}/key.pem`,
    ].join('\n'),
    'tls.certificate': `${lib}/certificates/${issuer}/${tls.turnHost}/${tls.turnHost}`,
    'tls.redirect': haproxyRedirect(tls, publicUrl),
    'tls.front': haproxyFront(tls),
  };
}

function caddyGlobal({ page, issuer }: TlsTopology): string {
  return `auto_https disable_redirects
	https_port ${page.port}
	${issuer === 'acme' ? 'cert_issuer acme {\n\t\tdisable_http_challenge\n\t}' : 'skip_install_trust'}
	servers ${page.bind}:${page.port} {
		# HAProxy tells who is calling.
		listener_wrappers {
			proxy_protocol
			tls
		}
	}`;
}

function caddySite({ host, turnHost, page, issuer }: TlsTopology): string {
  const [tls, header] =
    issuer === 'internal'
      ? ['tls internal', '']
      : ['', 'header Strict-Transport-Security "max-age=31536000"'];
  return `https://${host} {
	bind ${page.bind}
	${tls}
	${header}
	import phone
}

# For its certificate alone, which is coturn's.
https://${turnHost} {
	bind ${page.bind}
	${tls}
	respond 404
}`;
}

/** Who knows the machine from within may go on without TLS; all others are sent to the public address. */
function caddyPlain(publicUrl: string): string {
  return `@outside not host localhost 127.0.0.1 page
	redir @outside ${publicUrl}{uri} 308
	import phone`;
}

function haproxyFront({ front, page, turn, turnHost }: TlsTopology): string {
  // Containers get other addresses when they are made anew.
  const named = 'resolvers system init-addr libc,none';
  return `bind ${front.bind}:${front.port}
	use_backend turn if { req.ssl_sni -i ${turnHost} } !{ req.ssl_alpn acme-tls/1 }
	default_backend page

backend page
	mode tcp
	server caddy ${page.host}:${page.port} send-proxy-v2 ${named}

backend turn
	mode tcp
	server coturn ${turn.host}:${turn.port} ${named}

resolvers system
	parse-resolv-conf`;
}

function haproxyRedirect({ redirect }: TlsTopology, publicUrl: string): string {
  if (redirect === undefined) return '';
  return `frontend redirect
	mode http
	bind ${redirect.bind}:${redirect.port}
	http-request redirect code 308 prefix ${publicUrl}`;
}

/** What coturn must be told of its relay address, and of the public one that stands for it. */
function relayLines(relay: string | undefined, externalAddress: string): string {
  // In containers the gateway reaches coturn's own address, and the outside none of the relay's ports.
  if (relay === undefined) return '';
  return [
    `relay-ip=${relay}`,
    ...(externalAddress === '' ? [] : [`external-ip=${externalAddress}/${relay}`]),
  ].join('\n');
}

/** The directories of one part below the data directory. */
export function partPaths(part: Part, data: string) {
  const below = (kind: string) => `${data}/${kind}/${part}`;
  return {
    etc: below('etc'),
    run: below('run'),
    log: below('log'),
    spool: below('spool'),
    lib: below('lib'),
  };
}

/** `{ a: { b: 1 } }` becomes `{ 'a.b': '1' }`, with `prefix` in front. */
function flatten(prefix: string, tree: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      return typeof value === 'object' && value !== null
        ? Object.entries(flatten(name, value))
        : [[name, String(value)]];
    }),
  );
}

const TRIPLETS: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/**
 * The gateway's data source.
 * @param data the data directory as the gateway sees it
 * @param architecture as `process.arch` names it
 * @param database the PostgreSQL address with the gateway's own role, or `undefined` for SQLite
 */
export function odbcSource(data: string, architecture: string, database: URL | undefined): OdbcSource {
  const libraries = `/usr/lib/${TRIPLETS[architecture] ?? `${architecture}-linux-gnu`}/odbc`;
  if (database === undefined) {
    return {
      driver: `${libraries}/libsqlite3odbc.so`,
      // Timeout in ms: how long a write waits for another writer. NORMAL, as at the server: what is written outlives a
      // killed process; each FULL write would cost the gateway 1.5 ms more.
      settings: `Database = ${data}/handset.db\nTimeout = 5000\nNoTXN = 0\nSyncPragma = NORMAL`,
    };
  }
  return {
    driver: `${libraries}/psqlodbcw.so`,
    settings: [
      `Servername = ${database.hostname}`,
      `Port = ${database.port || '5432'}`,
      `Database = ${database.pathname.slice(1)}`,
      `Username = ${decodeURIComponent(database.username)}`,
      `Password = ${decodeURIComponent(database.password)}`,
    ].join('\n'),
  };
}
