import { describe, expect, test } from 'vitest';
import { allowed, codecOrder } from './codecs.ts';
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
