/** What a call's sound goes through. `ring` is where the phone rings: a loudspeaker, say, beside a headset. */
export type SoundRole = 'microphone' | 'speaker' | 'ring';

export const SOUND_ROLES: readonly SoundRole[] = ['microphone', 'speaker', 'ring'];

/** A microphone, or something that plays, as the browser knows it. */
export interface SoundDevice {
  /** The browser's own name for it on this origin. */
  readonly id: string;
  readonly label: string;
}

/** What the browser does to the microphone's sound (Media Capture §4.3.6, `MediaTrackConstraints`). */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

export interface RoleSnapshot {
  /** What can be chosen, besides the system's default. */
  readonly devices: readonly SoundDevice[];
  /** What was chosen; `undefined` is the system's default. */
  readonly chosen: SoundDevice | undefined;
  /** What was chosen is not there just now. The system's default serves in its place. */
  readonly missing: boolean;
}

export interface DevicesSnapshot extends Readonly<Record<SoundRole, RoleSnapshot>> {
  readonly processing: SoundProcessing;
  /** Whether this browser lets a page choose where it plays. */
  readonly canChooseOutput: boolean;
  /** Browsers keep devices' names to themselves until the microphone is allowed. */
  readonly namesKnown: boolean;
  /** A call is up, and there is no microphone for it. */
  readonly microphoneLost: boolean;
}

/** The sound devices of this machine, and which of them the person wants. Choices are remembered. */
export interface DevicesPort {
  readonly snapshot: DevicesSnapshot;
  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void;
  /** @param id of one of the role's devices; `undefined` for the system's default */
  choose(role: SoundRole, id: string | undefined): void;
  setProcessing(processing: Partial<SoundProcessing>): void;
}
