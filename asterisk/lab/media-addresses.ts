import { networkInterfaces } from 'node:os';
import type { MediaAddresses, Topology } from '@handset/gateway-config';

/**
 * Natively the gateway's media is on this machine's own addresses; in containers it is somewhere on the private
 * network that the renderer's container is on, too.
 * @param external the public address, where the gateway is behind NAT
 */
export function mediaAddresses(kind: Topology['kind'], external: string | undefined): MediaAddresses {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  const local = own.map(({ address, netmask }) => (kind === 'native' ? address : rangeOf(address, netmask)));
  return {
    peers: external === undefined ? local : [...local, external],
    behindNat: external === undefined || kind !== 'native' ? [] : own.map(({ address }) => address),
  };
}

/** The network of an address as `first-last`, both in dotted form. */
export function rangeOf(address: string, netmask: string): string {
  const bytes = (text: string) => text.split('.').map(Number);
  const mask = bytes(netmask);
  const first = bytes(address).map((byte, index) => byte & (mask[index] ?? 255));
  const last = first.map((byte, index) => byte | (~(mask[index] ?? 255) & 255));
  return `${first.join('.')}-${last.join('.')}`;
}
