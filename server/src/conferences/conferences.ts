import { credentialsOfCalls } from '../devices/own-credentials.ts';
import type { Merge, MergeOutcome } from '../gateway/conference.ts';
import { sure } from '../gateway/sure.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import type { Person } from '../http/route.ts';

/** The gateway, as far as conferences need it. */
export interface ConferenceGateway {
  /** @returns `undefined` where it can't be asked */
  merge(calls: Merge): Promise<MergeOutcome | undefined>;
}

/** Conferences: the gateway mixes them, and it alone knows them. */
export class Conferences {
  readonly #gateway: ConferenceGateway;
  constructor(gateway: ConferenceGateway) {
    this.#gateway = gateway;
  }

  /**
   * Merges calls of a device: all far ends and the person hear each other from then on.
   * @param calls SIP Call-IDs of the device's own legs
   * @throws Problem `no-such-call`, `in-two-conferences` or `gateway-unavailable`
   */
  async merge({ tx }: Change, { deviceId }: Person, calls: readonly string[]): Promise<void> {
    const credentials = await credentialsOfCalls(tx, deviceId);
    switch (sure(await this.#gateway.merge({ credentials, calls }))) {
      case 'merged':
        return;
      case 'no-such-call':
        throw new Problem('no-such-call', 'One of these is not an answered call of this device.');
      case 'in-two-conferences':
        throw new Problem('in-two-conferences', 'Two of these calls are in two conferences already.');
    }
  }
}
