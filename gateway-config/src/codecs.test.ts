import { describe, expect, test } from 'vitest';
import { allowed, type Codec, codecOrder, outsideCodecs } from './codecs.ts';
import { readSettings } from './settings.ts';

describe('the order of codecs', () => {
  test('is what the setting says', () => {
    expect(codecOrder(readSettings({ HANDSET_CODECS: 'g722,pcmu' }))).toEqual(['g722', 'pcmu']);
  });

  test('begins with Opus where nothing is set', () => {
    expect(codecOrder(readSettings({}))).toEqual(['opus', 'g722', 'pcmu', 'pcma']);
  });

  test('is given to the gateway by its own names', () => {
    expect(allowed(['g722', 'pcmu', 'pcma', 'opus'])).toBe('!all,g722,ulaw,alaw,opus');
  });

  test.each(['g729', 'opus,opus', 'opus,', 'OPUS'])('can not be %j', (HANDSET_CODECS) => {
    expect(() => readSettings({ HANDSET_CODECS })).toThrow('HANDSET_CODECS: must name codecs');
  });
});

describe('calls to the outside have', () => {
  const having = (...trunks: (readonly Codec[])[]) => outsideCodecs(readSettings({}), trunks);

  test('what all trunks have, in the order of the setting', () => {
    expect(having(['pcma', 'g722', 'pcmu'])).toEqual(['g722', 'pcmu', 'pcma']);
    expect(having(['g722', 'pcmu', 'pcma'], ['pcmu', 'pcma'])).toEqual(['pcmu', 'pcma']);
    expect(having(['pcma', 'opus'])).toEqual(['opus', 'pcma']);
  });

  test('what the first one has, where the trunks have nothing in common', () => {
    expect(having(['pcma', 'g722'], ['pcmu'])).toEqual(['g722', 'pcma']);
  });

  test('all, where there is no trunk, or none has any of them', () => {
    expect(having()).toEqual(['opus', 'g722', 'pcmu', 'pcma']);
    expect(outsideCodecs(readSettings({ HANDSET_CODECS: 'opus' }), [['pcmu']])).toEqual(['opus']);
  });

  test('all, where the phone’s are asked for', () => {
    const settings = readSettings({ HANDSET_OUTSIDE_CODECS: 'phone' });
    expect(outsideCodecs(settings, [['pcmu']])).toEqual(['opus', 'g722', 'pcmu', 'pcma']);
  });
});
