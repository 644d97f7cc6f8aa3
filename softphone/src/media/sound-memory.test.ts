import { describe, expect, test } from 'vitest';
import { memorise, recall } from './sound-memory.ts';

class Storage {
  kept: string | null = null;
  getItem(): string | null {
    return this.kept;
  }
  setItem(_key: string, text: string): void {
    this.kept = text;
  }
}

const ALL_ON = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

describe('what was chosen for the sound', () => {
  test('is remembered', () => {
    const storage = new Storage();
    const choices = {
      devices: { ring: { id: 'a', label: 'Loudspeaker' } },
      processing: { ...ALL_ON, noiseSuppression: false },
    };
    memorise(choices, storage);
    expect(recall(storage)).toEqual(choices);
  });

  test.each([null, '', '{', '7', '{"devices":{"ring":{"id":1}},"processing":3}'])(
    'is the defaults where %j was kept',
    (kept) => {
      const storage = new Storage();
      storage.kept = kept;
      expect(recall(storage)).toEqual({ devices: {}, processing: ALL_ON });
    },
  );

  test('holds for the visit where nothing may be stored', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    expect(() => memorise({ devices: {}, processing: ALL_ON }, full)).not.toThrow();
  });
});
