import type { Codec } from '@handset/gateway-config';
import type { CallDirection, CallState } from './call-state.ts';
import type { DevicesPort } from './devices.ts';
import type { LeftLeg, LineIdentity, LineListener, LinePort, Party } from './line-port.ts';
import type { CallMedia, MediaPort, TonesPort } from './media-port.ts';
import type { ProvisioningPort } from './provisioning-port.ts';
import type { SoundWarning } from './quality.ts';

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
  /** What has been agreed on, so that the far end goes on with the codec that it has. */
  readonly codecs?: readonly Codec[];
}

/** What the page that comes next has to know of this one's calls. */
export interface CallMemoryPort {
  /** What the page before left behind and may still be up; it is forgotten by asking. */
  take(deviceId: string): readonly KeptCall[];
  keep(deviceId: string, calls: readonly KeptCall[]): void;
}
