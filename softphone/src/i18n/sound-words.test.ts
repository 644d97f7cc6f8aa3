import { describe, expect, test } from 'vitest';
import type { DevicesSnapshot, RoleSnapshot } from '../call/devices.ts';
import { en } from './en.ts';
import { callNotes, deviceNotes, qualityWords } from './sound-words.ts';

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

describe('how a call’s quality is shown', () => {
  const quality = { mos: 4.41, lossPercent: 0, jitterMs: 2.4, roundTripMs: 31, warnings: [] };

  test.each([
    [4.41, 4, 'good'],
    [4.0, 3, 'fair'],
    [3.2, 2, 'poor'],
    [2.6, 1, 'bad'],
    [1, 0, 'very bad'],
  ])('a score of %d has %i bars', (mos, bars, verdict) => {
    const words = qualityWords({ ...quality, mos }, en);
    expect(words.bars).toBe(bars);
    expect(words.label).toBe(`Sound quality: ${verdict}, ${mos.toFixed(1)} of 5`);
  });

  test('it has no bars and no score before anything was measured', () => {
    expect(qualityWords(undefined, en)).toMatchObject({ bars: undefined, score: '–' });
  });

  test('the figures behind it are told', () => {
    expect(qualityWords({ ...quality, lossPercent: 1.25 }, en).details).toBe(
      'Loss 1.3 %, jitter 2 ms, round trip 31 ms',
    );
  });

  test('each warning is a sentence', () => {
    expect(callNotes({ ...quality, warnings: ['high-loss'] }, en)).toEqual([
      'Parts of the sound are lost on the way.',
    ]);
  });
});
