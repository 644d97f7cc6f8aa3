import { type PortPlan, portPlan } from './ports.ts';
import type { Settings } from './settings.ts';

/** Where a part listens, and where the others reach it. */
export interface Listener {
  /** Address to bind to. */
  readonly bind: string;
  /** Host under which the other parts reach it. */
  readonly host: string;
  readonly port: number;
}

/** The parts of one installation and how they reach each other. */
export interface Topology {
  readonly kind: 'native' | 'compose';
  readonly ports: PortPlan;
  /** The address people open, without a path and without a slash at its end. */
  readonly publicUrl: string;
  readonly page: Listener;
  readonly api: Listener;
  readonly internal: Listener;
  readonly gatewayHttp: Listener;
  readonly gatewaySip: Listener;
  readonly ami: Listener;
  readonly pstn: Listener;
  readonly turn: Listener;
  /** Where TLS comes in from outside, and what is behind it; not given where a proxy in front ends TLS, or nobody. */
  readonly tls: TlsTopology | undefined;
  /** The carrier that calls go to: the simulated one, or the one that the settings name. */
  readonly trunk: { readonly host: string; readonly port: number };
}

/** TLS on one port for everything: HAProxy tells by the name that is asked for (SNI) whether it is for the page or for TURN. */
export interface TlsTopology {
  readonly host: string;
  /** TURN's own name on the same port: browsers ask for it just as they ask for a WebSocket. */
  readonly turnHost: string;
  readonly issuer: 'acme' | 'internal';
  /** The port that people and browsers reach. */
  readonly front: Listener;
  /** Where a browser that came by http is sent on from; only beside port 443. */
  readonly redirect: Listener | undefined;
  /** Caddy, behind the front. */
  readonly page: Listener;
  /** coturn, behind the front. */
  readonly turn: Listener;
  /** Limits of WebSockets, between Caddy and the gateway. */
  readonly webSockets: Listener;
}

/** HAProxy's and Caddy's inner listeners natively: the ports are those of others, on an address of their own. */
const INNER_LOOPBACK = '127.0.0.10';

/**
 * The simulated carrier's own loopback address: an `identify` that matches 127.0.0.1 would also
 * capture the browsers of the same machine.
 */
export const PSTN_LOOPBACK = '127.0.0.9';

const ANY = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

/**
 * @param settings the checked settings
 * @param kind `native`: all parts on this machine's loopback; `compose`: each part a container on a private network
 */
export function topology(settings: Settings, kind: Topology['kind']): Topology {
  const plan = portPlan(settings.HANDSET_PORT);
  const ports = {
    ...plan,
    turn: settings.HANDSET_TURN_PORT ?? plan.turn,
    gatewayMedia: settings.HANDSET_RTP_PORTS ?? plan.gatewayMedia,
  };
  const native = kind === 'native';
  const on = (name: string, port: number): Listener =>
    native ? { bind: LOOPBACK, host: LOOPBACK, port } : { bind: ANY, host: name, port };
  const pstn = native
    ? { bind: PSTN_LOOPBACK, host: PSTN_LOOPBACK, port: ports.pstnSip }
    : on('pstn', ports.pstnSip);
  return {
    kind,
    ports,
    publicUrl: (settings.HANDSET_PUBLIC_URL ?? `http://localhost:${ports.page}`).replace(/\/+$/, ''),
    page: native
      ? { bind: pageBind(settings), host: pageBind(settings), port: ports.page }
      : { bind: ANY, host: 'page', port: ports.page },
    api: on('server', ports.api),
    internal: on('server', ports.internal),
    gatewayHttp: on('gateway', ports.gatewayHttp),
    gatewaySip: gatewaySip(settings, on('gateway', ports.sip)),
    ami: on('gateway', ports.ami),
    pstn,
    turn: {
      bind: native ? settings.HANDSET_BIND : ANY,
      host: native ? reachable(settings.HANDSET_BIND) : 'turn',
      port: ports.turn,
    },
    tls: tlsOf(settings, native, ports),
    trunk: trunkOf(settings) ?? { host: pstn.host, port: pstn.port },
  };
}

/** Where TLS comes in, the page without it is for this machine alone. */
function pageBind({ HANDSET_TLS, HANDSET_BIND }: Settings): string {
  return HANDSET_TLS === undefined ? HANDSET_BIND : LOOPBACK;
}

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

function tlsOf(
  { HANDSET_TLS: issuer, HANDSET_PUBLIC_URL, HANDSET_BIND }: Settings,
  native: boolean,
  ports: PortPlan,
): TlsTopology | undefined {
  if (issuer === undefined || HANDSET_PUBLIC_URL === undefined) return undefined;
  const { hostname, port } = new URL(HANDSET_PUBLIC_URL);
  const frontPort = port === '' ? HTTPS_PORT : Number(port);
  const inner = (container: string, listen: number): Listener =>
    native
      ? { bind: INNER_LOOPBACK, host: INNER_LOOPBACK, port: listen }
      : { bind: ANY, host: container, port: listen };
  const outer = (listen: number): Listener =>
    native
      ? { bind: HANDSET_BIND, host: reachable(HANDSET_BIND), port: listen }
      : { bind: ANY, host: 'door', port: listen };
  return {
    host: hostname,
    turnHost: `turn.${hostname}`,
    issuer,
    front: outer(frontPort),
    redirect: frontPort === HTTPS_PORT ? outer(HTTP_PORT) : undefined,
    page: inner('page', ports.api),
    turn: native
      ? { bind: HANDSET_BIND, host: reachable(HANDSET_BIND), port: ports.turnTls }
      : { bind: ANY, host: 'turn', port: ports.turnTls },
    webSockets: inner('door', ports.gatewayHttp),
  };
}

function reachable(bind: string): string {
  return bind === ANY ? LOOPBACK : bind;
}

/** A real carrier is not on this machine: its calls come in on every address, where nothing else is said. */
function gatewaySip({ HANDSET_TRUNK, HANDSET_SIP_BIND }: Settings, closed: Listener): Listener {
  const bind = HANDSET_SIP_BIND ?? (HANDSET_TRUNK === undefined ? closed.bind : ANY);
  // The other parts reach it where it listens.
  const host = bind === ANY || closed.host !== LOOPBACK ? closed.host : bind;
  return { ...closed, bind, host };
}

const DEFAULT_SIP_PORT = 5060;

function trunkOf({ HANDSET_TRUNK }: Settings): Topology['trunk'] | undefined {
  if (HANDSET_TRUNK === undefined) return undefined;
  const [host = '', port] = HANDSET_TRUNK.split(':');
  return { host, port: port === undefined ? DEFAULT_SIP_PORT : Number(port) };
}
