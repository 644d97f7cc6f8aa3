import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { MediaAddresses, Topology } from '@handset/gateway-config';

/**
 * Natively the gateway's media is on this machine's own addresses; in containers it is on the gateway's one
 * address of the private network, which browsers elsewhere reach through TURN.
 * @param external the public address, where the gateway is behind NAT
 * @throws Error when the gateway's container has no address that can be looked up
 */
export async function mediaAddresses(
  { kind, gatewaySip }: Pick<Topology, 'kind' | 'gatewaySip'>,
  external: string | undefined,
): Promise<MediaAddresses> {
  if (kind === 'compose') {
    const { address } = await lookup(gatewaySip.host, { family: 4 });
    return { peers: [address], behindNat: [] };
  }
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  // From a loopback address nothing could be relayed: the gateway would answer from another one than was called.
  const relay = own[0];
  return external === undefined
    ? { peers: own, behindNat: [], relay }
    : { peers: [...own, external], behindNat: own, relay };
}
