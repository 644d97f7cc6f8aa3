import type { Database } from '../db/database.ts';
import { credentialsOfCalls } from '../devices/own-credentials.ts';
import type { PhoneLeg } from '../gateway/phone-channels.ts';
import { sure } from '../gateway/sure.ts';
import type { Person } from '../http/route.ts';

/** The gateway, as far as a phone's question for its calls needs it. */
export interface PhoneCallGateway {
  /** @returns `undefined` where it can't be asked */
  hasLeg(leg: PhoneLeg): Promise<boolean | undefined>;
}

/** The calls of phones, as the gateway has them at this moment. */
export class PhoneCalls {
  readonly #database: Database;
  readonly #gateway: PhoneCallGateway;
  constructor(database: Database, gateway: PhoneCallGateway) {
    this.#database = database;
    this.#gateway = gateway;
  }

  /**
   * Whether a call of a device is still there, ringing or answered.
   * @param callId SIP Call-ID of the device's own leg
   * @throws Problem `gateway-unavailable`
   */
  async isLive({ deviceId }: Person, callId: string): Promise<boolean> {
    const credentials = await credentialsOfCalls(this.#database.db, deviceId);
    return sure(await this.#gateway.hasLeg({ credentials, callId }));
  }
}
