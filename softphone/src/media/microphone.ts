import { MicrophoneError, type MicrophoneFault, type MicrophoneState } from '../call/media-port.ts';
import type { Devices } from './devices.ts';

const FAULT_OF_ERROR: Readonly<Record<string, MicrophoneFault>> = {
  NotAllowedError: 'microphone-blocked',
  SecurityError: 'microphone-blocked',
  NotFoundError: 'microphone-missing',
  OverconstrainedError: 'microphone-missing',
  NotReadableError: 'microphone-busy',
  AbortError: 'microphone-busy',
};

/** What `getUserMedia` threw, as a reason that can be told (Media Capture §10.2). */
export function microphoneFault(error: unknown): MicrophoneFault {
  const name = error instanceof Error ? error.name : '';
  return FAULT_OF_ERROR[name] ?? 'microphone-blocked';
}

async function firstThatOpens(choices: readonly MediaTrackConstraints[]): Promise<MediaStreamTrack> {
  const [audio, ...others] = choices;
  if (audio === undefined) throw new MicrophoneError('microphone-missing');
  try {
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
    if (track !== undefined) return track;
  } catch (error) {
    if (others.length === 0 || microphoneFault(error) !== 'microphone-missing') throw error;
  }
  return firstThatOpens(others);
}

/** The browser's microphone: whether it may be used, whether there is one, and opening it. */
export class Microphone {
  readonly #devices: Devices;
  #state: MicrophoneState = 'unknown';
  #permission: PermissionStatus | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor(devices: Devices) {
    this.#devices = devices;
    void this.#watchPermission();
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** Allowed, and there is one: opening it should succeed without asking. */
  get isSure(): boolean {
    return this.#state === 'granted' && this.#devices.hasMicrophone;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Opens the chosen microphone, or the system's default where that one is not there.
   * @throws MicrophoneError
   */
  async open(): Promise<MediaStreamTrack> {
    // Without a secure context (https or localhost) browsers offer no devices at all.
    if (navigator.mediaDevices === undefined) throw new MicrophoneError('microphone-blocked');
    try {
      const track = await firstThatOpens(this.#devices.microphones);
      this.#set('granted');
      return track;
    } catch (error) {
      const fault = error instanceof MicrophoneError ? error.fault : microphoneFault(error);
      // Where the question was only waved away, it may be asked again.
      if (fault === 'microphone-blocked') this.#set(this.#permission?.state ?? 'denied');
      if (fault === 'microphone-missing') void this.#devices.look();
      throw new MicrophoneError(fault, { cause: error });
    }
  }

  async #watchPermission(): Promise<void> {
    try {
      const permission = await navigator.permissions.query({ name: 'microphone' as PermissionName });
      this.#permission = permission;
      this.#set(permission.state);
      permission.addEventListener('change', () => this.#set(permission.state));
    } catch {
      // Not every browser tells. The first call asks.
      this.#set('prompt');
    }
  }

  #set(state: MicrophoneState): void {
    if (state === this.#state) return;
    this.#state = state;
    // With the permission come the devices' names.
    void this.#devices.look();
    for (const listener of this.#listeners) listener();
  }
}
