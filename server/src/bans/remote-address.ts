import { isIP } from 'node:net';
import { type AmiMessage, field } from '../gateway/ami-protocol.ts';

/** Where a SIP request came from, as the gateway saw it. */
export interface RemoteAddress {
  /** `websocket`: from the proxy in front, whoever is behind it. */
  readonly way: 'sip' | 'websocket';
  readonly address: string;
}

/** @returns where the request of a security event came from: `IPV4/UDP/192.0.2.7/5060` */
export function remoteAddressOf(event: AmiMessage): RemoteAddress | undefined {
  const [, transport = '', address = ''] = field(event, 'RemoteAddress').split('/');
  if (isIP(address) === 0) return undefined;
  return { way: transport.startsWith('WS') ? 'websocket' : 'sip', address };
}
