import { expect, test } from 'vitest';
import { findPitch } from '../../tests/support/pitch.ts';
import { decodeWav } from '../../tests/support/wav.ts';
import { holdMusic } from './hold-music.ts';

test('hold music is a tune of clear notes', () => {
  const { rate, samples } = decodeWav(holdMusic());
  expect(rate).toBe(16_000);
  const note = (at: number) => findPitch({ rate, samples: samples.subarray(at * rate, (at + 0.2) * rate) });
  expect(note(0.3)?.hertz).toBeCloseTo(440, -1);
  expect(note(1.1)?.hertz).toBeCloseTo(554, -1);
});
