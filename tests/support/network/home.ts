import type { Namespace } from './namespace.ts';

/** The browser's one interface in its network. */
export const HOME_INTERFACE = 'eth0';
const ROUTER_HOST = 1;
/** The browser's address to begin with. */
const FIRST_HOST = 2;

/** A home network behind a router of its own: addresses `192.168.<subnet>.<host>`. */
export class Home {
  readonly namespace: Namespace;
  readonly subnet: number;

  constructor(namespace: Namespace, subnet: number) {
    this.namespace = namespace;
    this.subnet = subnet;
  }

  get network(): string {
    return `192.168.${this.subnet}.0/24`;
  }

  /** The router's address in it. */
  get router(): string {
    return this.#address(ROUTER_HOST);
  }

  /** Gives the browser's machine another address in place of the one it has, as another network would. */
  async moveTo(host: number): Promise<void> {
    await this.namespace.ip('address', 'flush', 'dev', HOME_INTERFACE);
    await this.namespace.ip('address', 'add', `${this.#address(host)}/24`, 'dev', HOME_INTERFACE);
    await this.namespace.ip('route', 'add', 'default', 'via', this.router);
  }

  async moveBack(): Promise<void> {
    await this.moveTo(FIRST_HOST);
  }

  #address(host: number): string {
    return `192.168.${this.subnet}.${host}`;
  }
}
