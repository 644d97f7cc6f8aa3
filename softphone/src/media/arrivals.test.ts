import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Arrivals, Quiet } from './arrivals.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('before the first sound, and while sound comes in, it is not quiet', () => {
  const quiet = new Quiet();
  expect(quiet.look(undefined, 5_000)).toBeUndefined();
  expect(quiet.look(5_000, 5_200)).toBeUndefined();
  expect(quiet.look(5_190, 5_400)).toBeUndefined();
  expect(quiet.isQuiet).toBe(false);
});

test('a pause of more than half a second is said, and said again every two seconds, with how long it has lasted', () => {
  const quiet = new Quiet();
  const said = [500, 700, 900, 2_500, 2_700, 2_900, 4_700].map((now) => quiet.look(0, now));
  expect(said.filter((ms) => ms !== undefined)).toEqual([700, 2_700, 4_700]);
  expect(quiet.isQuiet).toBe(true);
});

test('when sound is back it is not quiet any more, and the next pause is said anew', () => {
  const quiet = new Quiet();
  quiet.look(0, 700);
  expect(quiet.look(900, 900)).toBeUndefined();
  expect(quiet.isQuiet).toBe(false);
  expect(quiet.look(900, 1_600)).toBe(700);
});

test('a far end that goes on as another source is heard, though the browser still tells of the one before', () => {
  const source = (at: number) => ({ timestamp: performance.timeOrigin + at }) as RTCRtpSynchronizationSource;
  const before = source(performance.now());
  const receiver = { getSynchronizationSources: () => [before, source(performance.now())] };
  const onQuiet = vi.fn();
  const arrivals = new Arrivals(receiver as unknown as RTCRtpReceiver, onQuiet);
  vi.advanceTimersByTime(5_000);
  expect(onQuiet).not.toHaveBeenCalled();
  receiver.getSynchronizationSources = () => [before];
  vi.advanceTimersByTime(1_000);
  expect(onQuiet).toHaveBeenCalledOnce();
  arrivals.stop();
});
