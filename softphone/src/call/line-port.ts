import type { ConnectionStatus } from './connection-state.ts';
import type { EndReason } from './end-reason.ts';
import type { CallMedia } from './media-port.ts';
import type { PhoneConfig } from './provisioning-port.ts';
import type { TraceStep } from './trace.ts';

export type LineIdentity = Pick<PhoneConfig, 'sip' | 'webSockets' | 'user'>;

export interface LineListener {
  connection(status: ConnectionStatus, wasReady: boolean): void;
  /** Its addresses answer that there is no gateway. Said at each attempt, while that is so. */
  gatewayDown(): void;
  incoming(call: IncomingLeg): void;
  /** A message of the registration passed. */
  step(step: TraceStep): void;
}

/** The signalling to the gateway. It keeps itself connected and registered until closed. */
export interface LinePort {
  /** Address of the gateway in use. */
  readonly server: string;
  invite(target: string, media: CallMedia, listener: LegListener): Leg;
  /** Goes on, by a leg of its own, with a call that an earlier page of this device left behind. */
  takeOver(left: LeftLeg, media: CallMedia, listener: LegListener): Leg;
  /** Asks the gateway now, with little patience, whether it is there: on a dead path a new one is made. */
  check(): void;
  /** Goes on under a new credential, calls untouched. */
  renew(identity: LineIdentity): void;
  /** Unregisters and hangs up; resolves when the gateway has confirmed it, or within about a second. */
  close(): Promise<void>;
}

/** A leg that the gateway may still hold, though the page that had it is gone. */
export interface LeftLeg {
  /** `Call-ID` of its dialog. */
  readonly callId: string;
  /** The credential that it began with. */
  readonly credential: string;
}

export interface Party {
  /** A telephone number, an extension, or whatever the gateway gave. Empty when withheld. */
  readonly number: string;
  readonly name?: string;
}

export interface LegListener {
  /** The far end agreed to what the media want (see `Leg.renegotiate`). */
  renegotiated(): void;
  /** The far end will not have it. */
  renegotiationRefused(): void;
  /** The call's signalling has a new connection in place of one that was lost. */
  reconnected(): void;
  ringing(): void;
  earlyMedia(): void;
  answered(): void;
  ended(reason: EndReason): void;
  step(step: TraceStep): void;
}

/** One call's signalling, as the phone drives it. */
export interface Leg {
  /** `Call-ID` of the dialog (RFC 3261 §8.1.1.4): by it the gateway knows which call is meant. */
  readonly callId: string;
  /** The credential that it began with. */
  readonly credential: string;
  /**
   * Ends it in whatever way fits its state: CANCEL, a refusal, BYE.
   * @param farEnd whether the far end of a call in a conference is to go, too
   */
  hangUp(farEnd?: 'goes' | 'stays'): void;
  /** Agrees anew with the far end on what the media want: to be told after `CallMedia.setHeld`. */
  renegotiate(): void;
  /**
   * Has the gateway join the far ends of this call and of another one of the same line.
   * @returns why it did not, or `undefined` where it did
   */
  joinWith(other: Leg): Promise<EndReason | undefined>;
}

export interface IncomingLeg extends Leg {
  readonly from: Party;
  listen(listener: LegListener): void;
  /** Lets the media get ready for the answer while it rings. */
  prepare(media: CallMedia): void;
  answer(media: CallMedia): void;
  /** @param why `given-up`: the caller has, without a word that arrived here */
  refuse(why: 'busy' | 'declined' | 'given-up'): void;
}
