import { describe, expect, test } from 'vitest';
import type { DevicesSnapshot, RoleSnapshot } from '../call/devices.ts';
import { en } from './en.ts';
import { deviceNotes } from './sound-words.ts';

const there: RoleSnapshot = { devices: [], chosen: { id: 'a', label: 'Headset' }, missing: false };
const gone: RoleSnapshot = { ...there, missing: true };
const devices = (roles: Partial<DevicesSnapshot>): DevicesSnapshot => ({
  microphone: there,
  speaker: there,
  ring: there,
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  canChooseOutput: true,
  namesKnown: true,
  microphoneLost: false,
  ...roles,
});

describe('what is said of devices', () => {
  test('is nothing while all that were chosen are there', () => {
    expect(deviceNotes(devices({}), en)).toEqual([]);
  });

  test('names the one that is unplugged and what serves in its place', () => {
    expect(deviceNotes(devices({ ring: gone }), en)).toEqual([
      'Headset is unplugged. Calls ring on your system’s default device.',
    ]);
  });

  test('is one sentence for a headset that was both microphone and speaker', () => {
    expect(deviceNotes(devices({ microphone: gone, speaker: gone }), en)).toEqual([
      'Headset is unplugged. Your system’s default devices are used instead.',
    ]);
  });

  test('is that nobody hears you where no microphone is left', () => {
    expect(deviceNotes(devices({ microphone: gone, microphoneLost: true }), en)).toEqual([
      'No microphone is plugged in. Nobody hears you.',
    ]);
  });
});
