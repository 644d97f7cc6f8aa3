import type { Codec } from '@handset/gateway-config';

export interface PhoneUser {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly extension: string;
  /** In E.164 form; `null` where the user has none. */
  readonly number: string | null;
}

/** `GET /v1/phone-config`: everything this device needs to be a telephone. */
export interface PhoneConfig {
  readonly user: PhoneUser;
  readonly deviceId: string;
  readonly sip: {
    readonly uri: string;
    readonly authorizationUser: string;
    readonly password: string;
    readonly realm: string;
    /** ISO 8601. */
    readonly expiresAt: string;
  };
  readonly webSockets: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
  /** `relay`: all media goes through TURN. */
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** In which order they are offered. */
  readonly codecs: readonly Codec[];
  /** What is offered in a call to the outside: codecs that the trunks have, too. */
  readonly outsideCodecs: readonly Codec[];
  /** Numbers that look like extensions and lead outside. */
  readonly emergencyNumbers: readonly string[];
  /** ISO 3166-1 alpha-2: in whose national form numbers are typed and shown. */
  readonly country: string;
}

/** Why provisioning did not give what was asked. */
export type ProvisioningFault =
  | 'wrong-credentials'
  | 'signed-out'
  | 'too-many-attempts'
  | 'unreachable'
  | 'server-fault';

export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError';
  readonly fault: ProvisioningFault;
  constructor(fault: ProvisioningFault, options?: ErrorOptions) {
    super(`Provisioning failed: ${fault}`, options);
    this.fault = fault;
  }
}

/** Why calls could not be merged. */
export type MergeFault =
  | 'call-gone'
  | 'in-two-conferences'
  | 'gateway-unavailable'
  | 'unreachable'
  | 'failed';

/** Each method throws {@link ProvisioningError}. */
export interface ProvisioningPort {
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  phoneConfig(): Promise<PhoneConfig>;
  /**
   * Has the gateway merge calls into a conference (`POST /v1/phone/conferences`).
   * @param sipCallIds of legs of this device
   * @returns why it did not, or `undefined` where it did; throws nothing
   */
  merge(sipCallIds: readonly string[]): Promise<MergeFault | undefined>;
  /**
   * Whether the gateway still has a call of this device (`GET /v1/phone/calls/{callId}`).
   * @returns `undefined` where nobody can say, or not soon enough; throws nothing
   */
  isLive(sipCallId: string): Promise<boolean | undefined>;
  /** Also goes out while the page is being closed. */
  reportQuality(sipCallId: string, report: QualityReport): Promise<void>;
}

/** How a whole call sounded here (`POST /v1/phone/calls/{callId}/quality`). */
export interface QualityReport {
  readonly codec?: string;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number;
  readonly mos?: number;
}
