import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrunkHost } from '@handset/gateway-config';
import { takesBrowsers } from './networks.ts';

/** Looks up the IPv4 addresses of hosts, in the order of the hosts; those that are unknown have none. */
export type Addresses = (hosts: readonly TrunkHost[]) => Promise<readonly string[]>;

const SERVICES = ['_sip._udp', '_sip._tcp', '_sips._tcp'];
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
