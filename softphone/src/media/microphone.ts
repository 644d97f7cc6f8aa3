import { MicrophoneError, type MicrophoneFault, type MicrophoneState } from '../call/ports.ts';

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

/** The browser's microphone: whether it may be used, whether there is one, and opening it. */
export class Microphone {
  #state: MicrophoneState = 'unknown';
  #present = false;
  #permission: PermissionStatus | undefined;
  readonly #listeners: (() => void)[] = [];

  constructor() {
    void this.#watchPermission();
    void this.#lookForDevices();
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#lookForDevices());
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** Allowed, and there is one: opening it should succeed without asking. */
  get isSure(): boolean {
    return this.#state === 'granted' && this.#present;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws MicrophoneError */
  async open(): Promise<MediaStreamTrack> {
    // Without a secure context (https or localhost) browsers offer no devices at all.
    if (navigator.mediaDevices === undefined) throw new MicrophoneError('microphone-blocked');
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
      if (track === undefined) throw new MicrophoneError('microphone-missing');
      this.#present = true;
      this.#set('granted');
      return track;
    } catch (error) {
      const fault = error instanceof MicrophoneError ? error.fault : microphoneFault(error);
      // Where the question was only waved away, it may be asked again.
      if (fault === 'microphone-blocked') this.#set(this.#permission?.state ?? 'denied');
      if (fault === 'microphone-missing') this.#present = false;
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

  async #lookForDevices(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.#present = devices.some(({ kind }) => kind === 'audioinput');
  }

  #set(state: MicrophoneState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
