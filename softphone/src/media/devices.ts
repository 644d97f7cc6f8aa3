import type {
  DevicesPort,
  DevicesSnapshot,
  SoundDevice,
  SoundProcessing,
  SoundRole,
} from '../call/devices.ts';
import { choosable, inUse, roleSnapshot, systemDefault } from './device-choice.ts';
import { memorise, recall, type SoundChoices } from './sound-memory.ts';

/** In a call: not every system tells the browser when a device comes or goes. */
const LOOK_AGAIN_MS = 2_000;

const KIND = { microphone: 'audioinput', speaker: 'audiooutput', ring: 'audiooutput' } as const;

/** The browser's sound devices, what was chosen among them, and so what is to be used. */
export class Devices implements DevicesPort {
  readonly #listeners = new Set<() => void>();
  #choices: SoundChoices = recall();
  #present: readonly MediaDeviceInfo[] = [];
  #microphoneLost = false;
  #snapshot: DevicesSnapshot;
  #told = '';
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor() {
    this.#snapshot = this.#describe();
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.look());
    void this.look();
  }

  get snapshot(): DevicesSnapshot {
    return this.#snapshot;
  }

  /** Whether there is any microphone. Known also before the microphone is allowed. */
  get hasMicrophone(): boolean {
    return this.#present.some(({ kind }) => kind === 'audioinput');
  }

  /**
   * What to open the microphone with (Media Capture §10.2), the first that works: the chosen device may just have
   * gone. It is asked for as `exact`, since Chromium gives its default in place of an `ideal` one.
   */
  get microphones(): readonly MediaTrackConstraints[] {
    const { processing } = this.#choices;
    const device = inUse(this.#snapshot.microphone);
    return device === undefined
      ? [processing]
      : [{ ...processing, deviceId: { exact: device.id } }, processing];
  }

  /** Two microphones opened under the same key are the same. */
  get microphoneKey(): string {
    const device = inUse(this.#snapshot.microphone)?.id ?? systemDefault(this.#present, 'audioinput');
    return JSON.stringify([device, this.#choices.processing]);
  }

  /** The device to play on, as `setSinkId` takes it: empty for the system's default. */
  sink(role: 'speaker' | 'ring'): string {
    return inUse(this.#snapshot[role])?.id ?? '';
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  choose(role: SoundRole, id: string | undefined): void {
    const { [role]: _, ...others } = this.#choices.devices;
    const device = this.#snapshot[role].devices.find((candidate) => candidate.id === id);
    this.#keep({ ...this.#choices, devices: device === undefined ? others : { ...others, [role]: device } });
  }

  setProcessing(processing: Partial<SoundProcessing>): void {
    this.#keep({ ...this.#choices, processing: { ...this.#choices.processing, ...processing } });
  }

  setMicrophoneLost(lost: boolean): void {
    this.#microphoneLost = lost;
    this.#changed();
  }

  /** Finds out which devices there are now. */
  async look(): Promise<void> {
    this.#present = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.#changed();
  }

  /** Whether to look again and again: while a call is up. */
  watch(on: boolean): void {
    clearInterval(this.#watch);
    this.#watch = on ? setInterval(() => void this.look(), LOOK_AGAIN_MS) : undefined;
  }

  #keep(choices: SoundChoices): void {
    this.#choices = choices;
    memorise(choices);
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = this.#describe();
    const news = JSON.stringify([this.#snapshot, this.microphoneKey]);
    if (news === this.#told) return;
    this.#told = news;
    for (const listener of this.#listeners) listener();
  }

  #describe(): DevicesSnapshot {
    const role = (name: SoundRole) => this.#role(name, choosable(this.#present, KIND[name]));
    return {
      microphone: role('microphone'),
      speaker: role('speaker'),
      ring: role('ring'),
      processing: this.#choices.processing,
      canChooseOutput: 'setSinkId' in HTMLMediaElement.prototype,
      namesKnown: this.#present.some(({ label }) => label !== ''),
      microphoneLost: this.#microphoneLost,
    };
  }

  /** Nothing is missing while the browser tells no names. */
  #role(name: SoundRole, devices: readonly SoundDevice[]) {
    const role = roleSnapshot(devices, this.#choices.devices[name]);
    const namesKnown = this.#present.some(({ label }) => label !== '');
    return namesKnown ? role : { ...role, missing: false };
  }
}
