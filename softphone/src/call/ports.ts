import type { Codec } from '@handset/gateway-config';
import type { CallDirection, CallState } from './call-state.ts';
import type { ConnectionStatus } from './connection-state.ts';
import type { DevicesPort } from './devices.ts';
import type { Key } from './dialled.ts';
import type { EndReason } from './end-reason.ts';
import type { SoundWarning } from './quality.ts';
import type { TraceStep } from './trace.ts';

/** What the phone needs of the world. `sip/`, `media/` and `provisioning/` give it; tests give fakes. */
export interface PhonePorts {
  readonly provisioning: ProvisioningPort;
  readonly media: MediaPort;
  readonly devices: DevicesPort;
  readonly quality: QualityPort;
  readonly tones: TonesPort;
  /** The calls that are up, kept where the next page of this device finds them. */
  readonly memory: CallMemoryPort;
  /** Makes the line to the gateway for one signed-in device. */
  openLine(identity: LineIdentity, listener: LineListener): LinePort;
  /** Milliseconds since the epoch. */
  now(): number;
}

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

/** How a call sounds here and now. */
export interface CallQuality {
  /** Of the last seconds, by the E-model; `undefined` before there is anything to judge by. */
  readonly mos: number | undefined;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
  readonly warnings: readonly SoundWarning[];
}

/** Listens along to the calls that are up. */
export interface QualityPort {
  /** Begins with the phone's calls. */
  attend(phone: AttendedPhone): void;
  /** By the call's id; `undefined` for one that is not up, or has only just begun. */
  of(call: string): CallQuality | undefined;
  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void;
}

/** The phone, as far as the quality of its calls goes. */
export interface AttendedPhone {
  readonly calls: readonly AttendedCall[];
  subscribe(listener: () => void): () => void;
}

export interface AttendedCall {
  readonly id: string;
  readonly alive: boolean;
  readonly state: Pick<CallState, 'status' | 'muted' | 'held'>;
  readonly media: Pick<CallMedia, 'peerConnection'> | undefined;
  /** `Call-ID` of its dialog with the gateway. */
  readonly callId: string | undefined;
}

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

/** A call as it is remembered across pages: plain data, without any secret. */
export interface KeptCall extends LeftLeg {
  readonly direction: CallDirection;
  readonly remote: Party;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly muted: boolean;
  readonly held: boolean;
  readonly merged?: boolean;
  readonly tones: string;
}

/** What the page that comes next has to know of this one's calls. */
export interface CallMemoryPort {
  /** What the page before left behind and may still be up; it is forgotten by asking. */
  take(deviceId: string): readonly KeptCall[];
  keep(deviceId: string, calls: readonly KeptCall[]): void;
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
  refuse(why: 'busy' | 'declined'): void;
}

/** What the browser says of the path for media: there is one, it seems gone, or no hope is left for it. */
export type MediaPath = 'found' | 'lost' | 'given-up';

/** One call's media. */
export interface CallMedia {
  readonly peerConnection: RTCPeerConnection;
  /** Sends what the microphone hears from now on, in place of another one. The media owns the track: `close` ends it. */
  speak(microphone: MediaStreamTrack): Promise<void>;
  setMuted(muted: boolean): void;
  /** On hold nothing is heard and nothing said, here and there, from now on; the far end is to be told. */
  setHeld(held: boolean): void;
  /** Sends keypad tones as telephone events (RFC 4733), one after the other. */
  sendTones(keys: readonly Key[]): void;
  /** Called once, when the first sound of the far end comes out. `at` as of `performance.now()`. */
  onFirstAudio(listener: (at: number) => void): void;
  /**
   * Called when nothing comes in from the far end any more, and every two seconds while that lasts. The path may be
   * gone, or the far end has nothing to say.
   */
  onQuiet(listener: () => void): void;
  /** Whether that is so now, though not on hold. */
  readonly quiet: boolean;
  /** A count that grows with whatever comes in: sound, and on hold at least answers to checks of the path. */
  signsOfLife(): Promise<number>;
  onPath(listener: (path: MediaPath) => void): void;
  /** Looks for a new path (ICE restart, RFC 8445 §9) with the next offer: to be followed by `Leg.renegotiate`. */
  restartIce(): void;
  close(): void;
}

export type MicrophoneState = 'unknown' | 'prompt' | 'granted' | 'denied';
export type MicrophoneFault = Extract<EndReason, `microphone-${string}`>;

export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
  readonly fault: MicrophoneFault;
  constructor(fault: MicrophoneFault, options?: ErrorOptions) {
    super(`No microphone: ${fault}`, options);
    this.fault = fault;
  }
}

/** Before a phone is signed in. */
export const UNCONFIGURED: MediaConfig = {
  iceServers: [],
  iceTransportPolicy: 'all',
  codecs: ['opus', 'g722', 'pcmu', 'pcma'],
};

export type MediaConfig = Pick<PhoneConfig, 'iceServers' | 'iceTransportPolicy' | 'codecs'>;

export interface MediaPort {
  readonly microphone: MicrophoneState;
  /** Whether a microphone is there and allowed, so that opening it should succeed without a question. */
  readonly microphoneIsSure: boolean;
  onMicrophoneChange(listener: () => void): void;
  /** @throws MicrophoneError */
  openMicrophone(): Promise<MediaStreamTrack>;
  /** Gets ready for the next call ahead of it (ICE candidates, DTLS certificate). */
  prepare(ice: MediaConfig): void;
  /** Forgets what `prepare` did. */
  rest(): void;
  outgoing(): CallMedia;
  incoming(): CallMedia;
}

export interface TonesPort {
  /** The browser keeps the page silent until the person touches it: calls would ring unheard (autoplay rules). */
  readonly blocked: boolean;
  onBlockedChange(listener: () => void): void;
  /** Finds out whether `blocked` is so, ahead of the first call. */
  check(): void;
  /** Lets sound out; to be called while the person touches the page (autoplay rules). */
  unlock(): void;
  startRinging(): void;
  startRingback(): void;
  /** A soft knock now and then: another call comes in. */
  startCallWaiting(): void;
  /** Ends what was started. */
  stop(): void;
  key(key: Key): void;
  /** The tones that a line gives when a call comes to nothing. */
  failed(busy: boolean): void;
}
