import type { AmiMessage } from '../gateway/ami-protocol.ts';
import type { Logger } from '../log.ts';
import { networkOf } from '../network.ts';
import { AuthFailures } from './auth-failures.ts';
import type { Bans } from './bans.ts';
import { type RemoteAddress, remoteAddressOf } from './remote-address.ts';

export interface GuardOptions {
  readonly bans: Bans;
  readonly log: Logger;
  /** Failures that ban an address; 0: none is banned. */
  readonly failures: number;
  /** How long a ban lasts, and how long failures count. */
  readonly ms: number;
  /** Whether calls of a carrier come from the address. */
  readonly isCarrier: (address: string) => Promise<boolean>;
  /** Addresses that devices are registered from; `undefined` where the gateway can't be asked. */
  readonly registered: () => Promise<ReadonlySet<string> | undefined>;
  readonly onFailure: (way: RemoteAddress['way']) => void;
  /** Called when there is a ban more. */
  readonly onBan: () => void;
}

/** This machine's own: a proxy in front of the gateway, with everybody behind it. */
const OWN = new Set(['127.0.0.1', '::1']);

/**
 * Bans addresses whose SIP authentications fail too often. Never banned is who would take others along: the proxy of
 * the browsers, carriers, and an address that a device is registered from.
 */
export class SipGuard {
  readonly #options: GuardOptions;
  readonly #failures: AuthFailures;
  #working: Promise<void> = Promise.resolve();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#failures = new AuthFailures(options.ms);
  }

  /** @param event `ChallengeResponseFailed` of the gateway */
  take(event: AmiMessage): void {
    const from = remoteAddressOf(event);
    if (!from) return;
    const { failures, log, onFailure } = this.#options;
    onFailure(from.way);
    if (from.way === 'websocket' || OWN.has(from.address) || failures === 0) return;
    const count = this.#failures.add(networkOf(from.address));
    if (count < failures) return;
    this.#failures.forget(networkOf(from.address));
    this.#working = this.#working
      .then(() => this.#ban(from.address, count))
      .catch((err: unknown) => log.error({ err }, 'An address could not be banned'));
  }

  async close(): Promise<void> {
    await this.#working;
  }

  async #ban(address: string, failures: number): Promise<void> {
    const { bans, log, ms, isCarrier, registered, onBan } = this.#options;
    if ((await isCarrier(address)) || (await registered())?.has(address)) {
      log.warn({ address, failures }, 'SIP authentications fail; not banned: others use the address');
      return;
    }
    await bans.add(networkOf(address), { failures, ms });
    log.warn({ address, failures, ms }, 'Address banned: too many failed SIP authentications');
    onBan();
  }
}
