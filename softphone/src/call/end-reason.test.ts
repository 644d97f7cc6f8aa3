import { describe, expect, test } from 'vitest';
import { endReason, isQuietEnd } from './end-reason.ts';

describe('the reason of an end', () => {
  test.each([
    [486, 'busy'],
    [480, 'no-answer'],
    [408, 'no-answer'],
    [603, 'declined'],
    [404, 'number-not-found'],
    [484, 'number-invalid'],
    [403, 'not-permitted'],
    [503, 'trunk-failed'],
    [488, 'media-failed'],
  ])('SIP status %i alone means %s', (status, reason) => {
    expect(endReason({ status })).toBe(reason);
  });

  test("the gateway's own word wins over the status", () => {
    expect(endReason({ status: 403, slug: 'no-caller-id' })).toBe('no-caller-id');
    expect(endReason({ status: 503, slug: 'admission-unavailable' })).toBe('admission-unavailable');
    expect(endReason({ status: 480, slug: 'unavailable' })).toBe('unavailable');
  });

  test('a word this phone does not know falls back to the status', () => {
    expect(endReason({ status: 486, slug: 'line-on-fire' })).toBe('busy');
  });

  test('a status nobody foresaw is a plain failure', () => {
    expect(endReason({ status: 418 })).toBe('failed');
    expect(endReason({})).toBe('failed');
  });

  test('hanging up is no failure, a busy line is', () => {
    expect(isQuietEnd('hung-up-here')).toBe(true);
    expect(isQuietEnd('busy')).toBe(false);
  });
});
