import { describe, expect, test } from 'vitest';
import {
  NEW_QUALITY,
  nextQuality,
  type Quality,
  recent,
  type SoundSample,
  type SoundWarning,
} from './quality.ts';

const GOOD: SoundSample = {
  received: 50,
  lossPercent: 0,
  jitterMs: 2,
  roundTripMs: 30,
  farLoudness: 0.1,
  nearLoudness: 0.1,
  network: 'wifi',
};
const HERE = { muted: false, held: false };

/** What is warned of after each of these seconds. */
function warned(
  seconds: readonly Partial<SoundSample>[],
  circumstances = HERE,
): readonly (readonly SoundWarning[])[] {
  let quality: Quality = NEW_QUALITY;
  return seconds.map((second) => {
    quality = nextQuality(quality, { ...GOOD, ...second }, circumstances);
    return quality.warnings;
  });
}

const times = <T>(count: number, second: T): T[] => Array.from({ length: count }, () => second);

describe('a warning', () => {
  test.each<[SoundWarning, Partial<SoundSample>]>([
    ['microphone-silent', { nearLoudness: 0 }],
    ['nothing-arrives', { received: 0 }],
    ['far-end-silent', { farLoudness: 8 / 32_768 }],
    ['high-loss', { lossPercent: 4 }],
    ['high-delay', { roundTripMs: 401 }],
  ])('%s is raised by the third bad second of five, and cleared when one of five is left', (warning, bad) => {
    const seconds = [bad, {}, bad, bad, {}, {}, {}, {}];
    expect(warned(seconds).map((warnings) => warnings.includes(warning))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test('is not raised by two bad seconds of five', () => {
    const bad = { lossPercent: 50 };
    expect(warned([bad, {}, {}, bad, {}, bad, {}, {}]).flat()).toEqual([]);
  });

  test('network-changed is raised by another network and cleared when it has become the usual one', () => {
    const seconds = [...times(6, {}), ...times(10, { network: 'ethernet' })];
    const changed = warned(seconds).map((warnings) => warnings.includes('network-changed'));
    expect(changed.slice(0, 9)).toEqual([...times(8, false), true]);
    expect(changed.at(-1)).toBe(false);
  });

  test('network-changed does not come of the first seconds, in which the path is still being found', () => {
    const seconds = [{ network: '' }, { network: 'wifi' }, ...times(8, { network: 'ethernet' })];
    expect(warned(seconds).flat()).toEqual([]);
  });

  test('microphone-silent is raised by what a browser leaves of nothing, where nobody has spoken yet', () => {
    const dead = { nearLoudness: 0.0003 };
    expect(warned(times(3, dead)).at(-1)).toEqual(['microphone-silent']);
  });

  test('microphone-silent is raised where the browser makes a noise itself while it learns what noise there is', () => {
    const start = [{ nearLoudness: undefined }, { nearLoudness: 0.0175 }, { nearLoudness: 0.012 }];
    expect(warned([...start, ...times(3, { nearLoudness: 0.0003 })]).at(-1)).toEqual(['microphone-silent']);
  });

  test('microphone-silent is not raised by somebody who has spoken softly after the first seconds', () => {
    const seconds = [...times(2, { nearLoudness: 0.001 }), { nearLoudness: 0.012 }];
    expect(warned([...seconds, ...times(5, { nearLoudness: 0.0003 })]).flat()).toEqual([]);
  });

  test('microphone-silent is not raised by somebody who has spoken and now listens in a quiet room', () => {
    expect(warned([{}, ...times(5, { nearLoudness: 0.0003 })]).flat()).toEqual([]);
  });

  test('microphone-silent is raised by another microphone that is dead', () => {
    const seconds = [{}, { nearLoudness: undefined }, ...times(3, { nearLoudness: 0.0003 })];
    expect(warned(seconds).at(-1)).toEqual(['microphone-silent']);
  });

  test('is not raised by what the person asked for', () => {
    const silent = { nearLoudness: 0, farLoudness: 0, received: 0 };
    expect(warned(times(5, silent), { muted: true, held: true }).flat()).toEqual([]);
    expect(warned(times(5, { nearLoudness: 0 }), { muted: true, held: false }).flat()).toEqual([]);
  });

  test('is not raised by what the browser does not tell', () => {
    expect(warned(times(5, { nearLoudness: undefined, farLoudness: undefined })).flat()).toEqual([]);
  });

  test('that nothing arrives is not also one of a silent far end', () => {
    expect(warned(times(5, { received: 0, farLoudness: 0 })).at(-1)).toEqual(['nothing-arrives']);
  });
});

describe('the last seconds together', () => {
  const after = (seconds: readonly Partial<SoundSample>[]) =>
    recent(
      seconds.reduce<Quality>(
        (quality, second) => nextQuality(quality, { ...GOOD, ...second }, HERE),
        NEW_QUALITY,
      ),
    );

  test('are their mean, over five of them', () => {
    expect(after([{ lossPercent: 100 }, ...times(4, {}), { lossPercent: 10 }])).toEqual({
      lossPercent: 2,
      jitterMs: 2,
      roundTripMs: 30,
    });
  });

  test('are all lost when nothing comes', () => {
    expect(after(times(3, { received: 0, lossPercent: 0 }))?.lossPercent).toBe(100);
  });

  test('are nothing before there is one', () => {
    expect(recent(NEW_QUALITY)).toBeUndefined();
  });
});
