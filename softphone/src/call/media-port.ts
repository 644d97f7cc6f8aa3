import type { Codec } from '@handset/gateway-config';
import type { Key } from './dialled.ts';
import type { EndReason } from './end-reason.ts';
import type { PhoneConfig } from './provisioning-port.ts';

/** What the browser says of the path for media: there is one, it seems gone, or no hope is left for it. */
export type MediaPath = 'found' | 'lost' | 'given-up';

/** One call's media. */
export interface CallMedia {
  readonly peerConnection: RTCPeerConnection;
  /** What has been agreed on with the far end, the best first; before that, what is offered. */
  readonly codecs: readonly Codec[];
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
   * Called when nothing comes in from the far end any more, and every two seconds while that lasts, with how long it has
   * lasted in ms. The path may be gone, or the far end has nothing to say.
   */
  onQuiet(listener: (ms: number) => void): void;
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
  outsideCodecs: ['opus', 'g722', 'pcmu', 'pcma'],
  emergencyNumbers: [],
};

export type MediaConfig = Pick<
  PhoneConfig,
  'iceServers' | 'iceTransportPolicy' | 'codecs' | 'outsideCodecs' | 'emergencyNumbers'
>;

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
  /** @param codecs those that are offered, in this order; all where not given */
  outgoing(codecs?: readonly Codec[]): CallMedia;
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
