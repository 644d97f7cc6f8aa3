import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Topology } from '@handset/gateway-config';
import { SetupError } from './places.ts';

type Protocol = 'TCP' | 'UDP';

/** What a lab listens on, but for its media. */
function listeners(topology: Topology): [Protocol, string, number][] {
  const { page, api, internal, gatewayHttp, gatewaySip, ami, pstn, turn, tls } = topology;
  const withTls = tls === undefined ? [] : [tls.front, tls.page, tls.turn, tls.webSockets];
  const tcp = [page, api, internal, gatewayHttp, gatewaySip, ami, turn, ...withTls];
  if (tls?.redirect !== undefined) tcp.push(tls.redirect);
  const udp = [gatewaySip, pstn, turn];
  return [
    ...tcp.map(({ bind, port }): [Protocol, string, number] => ['TCP', bind, port]),
    ...udp.map(({ bind, port }): [Protocol, string, number] => ['UDP', bind, port]),
  ];
}

/** The ports of the lab that somebody else listens on. */
export async function portsInUse(topology: Topology): Promise<string[]> {
  const asked = listeners(topology).map(async ([protocol, bind, port]) =>
    (await isFree(protocol, bind, port)) ? [] : [`${port}/${protocol}`],
  );
  return (await Promise.all(asked)).flat();
}

/** @throws SetupError naming the ports that are in use */
export async function assertPortsFree(topology: Topology): Promise<void> {
  const taken = await portsInUse(topology);
  if (taken.length === 0) return;
  const which = taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(', ')} are`;
  throw new SetupError(
    `${which} in use. Stop what listens there, or take another block: HANDSET_PORT=${topology.ports.page + 10} npm start`,
  );
}

function isFree(protocol: Protocol, address: string, port: number): Promise<boolean> {
  return new Promise((answer) => {
    if (protocol === 'UDP') {
      const socket = createSocket('udp4');
      socket.once('error', () => answer(false));
      socket.bind(port, address, () => socket.close(() => answer(true)));
    } else {
      const server = createServer();
      server.once('error', () => answer(false));
      server.listen(port, address, () => server.close(() => answer(true)));
    }
  });
}
