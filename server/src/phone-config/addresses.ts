import type { Settings, Topology } from '@handset/gateway-config';
import type { RequestFacts } from '../http/route.ts';

export interface PhoneAddresses {
  readonly webSockets: readonly string[];
  readonly stun: string;
  readonly turn: readonly string[];
}

const LOCAL = new Set(['localhost', '127.0.0.1']);

/**
 * Where the phone finds gateway and TURN: under the host that the page was opened with, where that is known to
 * lead here (a page at `localhost` may not reach `127.0.0.1` by its certificate, and the other way round);
 * else under the public one.
 */
export function phoneAddresses(facts: RequestFacts, topology: Topology, settings: Settings): PhoneAddresses {
  const page = pageOf(facts, topology);
  const turnHost = `${page.hostname}:${topology.ports.turn}`;
  return {
    webSockets: [`${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/ws`],
    stun: settings.HANDSET_STUN ?? `stun:${turnHost}`,
    turn: [
      `turn:${turnHost}?transport=udp`,
      `turn:${turnHost}?transport=tcp`,
      // Through the page's own port: where that is open, a call gets through.
      ...(topology.tls === undefined
        ? []
        : [`turns:${topology.tls.turnHost}:${topology.tls.front.port}?transport=tcp`]),
    ],
  };
}

function pageOf({ host, secure }: RequestFacts, topology: Topology): URL {
  const known = new URL(topology.publicUrl);
  const asked = URL.parse(`${secure ? 'https' : 'http'}://${host}`);
  if (!asked || (asked.hostname !== known.hostname && !LOCAL.has(asked.hostname))) return known;
  // Asked for directly, without the proxy in front: the page is not on this port.
  if (asked.port === String(topology.api.port)) asked.port = known.port;
  return asked;
}
