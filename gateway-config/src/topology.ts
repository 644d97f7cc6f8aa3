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
  /** The carrier that calls go to: the simulated one, or the one that the settings name. */
  readonly trunk: { readonly host: string; readonly port: number };
}

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
    page: {
      bind: native ? settings.HANDSET_BIND : ANY,
      host: native ? settings.HANDSET_BIND : 'page',
      port: ports.page,
    },
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
    trunk: trunkOf(settings) ?? { host: pstn.host, port: pstn.port },
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
