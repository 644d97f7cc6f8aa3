import { SOUND_ROLES, type SoundDevice, type SoundProcessing, type SoundRole } from '../call/devices.ts';

/** What a person has chosen for their sound in this browser. */
export interface SoundChoices {
  readonly devices: Partial<Readonly<Record<SoundRole, SoundDevice>>>;
  readonly processing: SoundProcessing;
}

const KEY = 'handset.sound';

const UNCHOSEN: SoundChoices = {
  devices: {},
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** What is remembered, however little of it can be read. */
export function recall(storage: Storage | undefined = browserStorage()): SoundChoices {
  const kept = record(parse(storage?.getItem(KEY) ?? ''));
  const devices = record(kept.devices);
  const processing = record(kept.processing);
  return {
    devices: Object.fromEntries(
      SOUND_ROLES.map((role) => [role, device(devices[role])]).filter(([, chosen]) => chosen !== undefined),
    ),
    processing: {
      echoCancellation: processing.echoCancellation !== false,
      noiseSuppression: processing.noiseSuppression !== false,
      autoGainControl: processing.autoGainControl !== false,
    },
  };
}

export function memorise(choices: SoundChoices, storage: Storage | undefined = browserStorage()): void {
  try {
    storage?.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A full or forbidden storage: the choice holds for this visit.
  }
}

function browserStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNCHOSEN;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function device(value: unknown): SoundDevice | undefined {
  const { id, label } = record(value);
  return typeof id === 'string' && typeof label === 'string' ? { id, label } : undefined;
}
