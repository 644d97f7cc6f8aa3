import type { Namespace } from './namespace.ts';

/** The router's address in the browser's network. */
export const ROUTER_INSIDE = '192.168.77.1';
/** The browser's one interface there, and its address to begin with. */
export const HOME = { interface: 'eth0', address: '192.168.77.2' } as const;

/** Gives the browser's machine another address in place of the one it has, as another network would. */
export async function moveTo(home: Namespace, address: string): Promise<void> {
  await home.ip('address', 'flush', 'dev', HOME.interface);
  await home.ip('address', 'add', `${address}/24`, 'dev', HOME.interface);
  await home.ip('route', 'add', 'default', 'via', ROUTER_INSIDE);
}
