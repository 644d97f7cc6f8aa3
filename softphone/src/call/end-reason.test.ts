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

  test.each([
    [403, 'Q.850;cause=50', 'no-caller-id'],
    [403, 'Q.850;cause=21', 'not-permitted'],
    [403, 'Q.850;cause=44', 'calling-too-fast'],
    [403, 'Q.850;cause=47', 'too-many-calls'],
    [403, 'Q.850;cause=52', 'minutes-used-up'],
    [403, 'Q.850;cause=57', 'spend-used-up'],
    [403, 'Q.850;cause=63', 'no-rate'],
    [503, 'Q.850;cause=34', 'lines-busy'],
    [480, 'Q.850;cause=19', 'no-answer'],
    [480, 'Q.850;cause=20', 'unavailable'],
    [480, 'Q.850;cause=31', 'rejected'],
    [503, 'Q.850;cause=38', 'trunk-failed'],
    [503, 'Q.850 ;cause=41;text="no server"', 'admission-unavailable'],
  ])('SIP status %i with the reason %j means %s', (status, reason, told) => {
    expect(endReason({ status, reason })).toBe(told);
  });

  test('a reason this phone does not know leaves it to the status', () => {
    expect(endReason({ status: 486, reason: 'Q.850;cause=99' })).toBe('busy');
    expect(endReason({ status: 486, reason: 'SIP;cause=600' })).toBe('busy');
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
