import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrunkHost, TrunkTransport } from '@handset/gateway-config';
import { takesBrowsers } from './networks.ts';

/** Looks up the IPv4 addresses of hosts, in the order of the hosts; those that are unknown have none. */
export type Addresses = (hosts: readonly TrunkHost[]) => Promise<readonly string[]>;

const SERVICE = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' } as const;
const SERVICES = Object.values(SERVICE);
const PORTS = { udp: 5060, tcp: 5060, tls: 5061 } as const;
const PATIENCE = { timeout: 1_500, tries: 2 };

/** DNS may take this long, in ms; what it says later is known at the next look. */
const WITHIN_MS = 2_000;

/** All that calls may come from: never the address that browsers come from. */
export const resolveHosts: Addresses = async (hosts) => {
  const found = await Promise.all(
    hosts.map((host) => Promise.race([addressesOf(host), delay(WITHIN_MS, [], { ref: false })])),
  );
  return [...new Set(found.flat())].filter((address) => !takesBrowsers(address)).toSorted();
};

/**
 * The addresses of one host, as a SIP client finds them (RFC 3263): by SRV where no port is given, and by address.
 * Empty where its name is unknown.
 */
export async function addressesOf({ host, port }: TrunkHost): Promise<readonly string[]> {
  if (isIPv4(host)) return [host];
  const names = port === null ? [host, ...(await serviceHosts(host))] : [host];
  const all = await Promise.all(names.map((name) => lookup(name, { family: 4, all: true }).catch(() => [])));
  return [...new Set(all.flat().map(({ address }) => address))];
}

async function serviceHosts(host: string): Promise<string[]> {
  const resolver = new Resolver(PATIENCE);
  const found = await Promise.all(
    SERVICES.map((service) => resolver.resolveSrv(`${service}.${host}`).catch(() => [])),
  );
  return found.flat().map(({ name }) => name);
}

/**
 * Where a SIP client sends to a host first (RFC 3263 section 4): by SRV where no port is given, else the transport's own.
 * @returns `undefined` where the name is unknown
 */
export async function targetOf({ host, port }: TrunkHost, transport: TrunkTransport) {
  const asked = port === null && !isIPv4(host) ? `${SERVICE[transport]}.${host}` : undefined;
  const services = asked === undefined ? [] : await new Resolver(PATIENCE).resolveSrv(asked).catch(() => []);
  const [first] = services.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight);
  const name = { host: first?.name ?? host, port: port ?? first?.port ?? PORTS[transport] };
  const [address] = await addressesOf(name);
  return address === undefined ? undefined : { host: address, address, port: name.port };
}
