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

/** A receiver that tells of so many packets, the last of which came at that time of `performance.now()`, if it tells. */
function receiver(...sourcesBefore: object[]) {
  const state = { packets: 0, at: undefined as number | undefined };
  const getStats = async () => {
    const at =
      state.at === undefined ? {} : { lastPacketReceivedTimestamp: performance.timeOrigin + state.at };
    const inbound = { type: 'inbound-rtp', packetsReceived: state.packets, ...at };
    return new Map<string, object>([
      ['in', inbound],
      ['codec', { type: 'codec' }],
      ...sourcesBefore.map((source, i): [string, object] => [`before-${i}`, source]),
    ]);
  };
  return Object.assign(state, { getStats });
}

test.each(['tells when the last one came', 'only counts them'])(
  'packets that come in are no silence, and their end is, where the browser %s',
  async (how) => {
    const from = receiver();
    const onQuiet = vi.fn();
    const arrivals = new Arrivals(from, onQuiet);
    for (let i = 0; i < 50; i++) {
      from.packets += 5;
      if (how !== 'only counts them') from.at = performance.now();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(onQuiet).not.toHaveBeenCalled();
    expect(arrivals.areQuiet).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onQuiet).toHaveBeenCalledOnce();
    expect(arrivals.areQuiet).toBe(true);
    arrivals.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(onQuiet).toHaveBeenCalledOnce();
  },
);

test('a far end that goes on as another source is heard, though the browser still tells of the one before', async () => {
  const before = {
    packetsReceived: 9,
    lastPacketReceivedTimestamp: performance.timeOrigin + performance.now(),
  };
  const from = receiver({ type: 'inbound-rtp', ...before });
  const onQuiet = vi.fn();
  const arrivals = new Arrivals(from, onQuiet);
  for (let i = 0; i < 50; i++) {
    from.packets += 5;
    from.at = performance.now();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(onQuiet).not.toHaveBeenCalled();
  arrivals.stop();
});
