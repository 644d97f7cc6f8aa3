import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onSlept } from './wake.ts';

const timers = {
  set: (work: () => void, ms: number) => setTimeout(work, ms),
  clear: (timer: unknown) => clearTimeout(timer as number),
};
let slept: () => void;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  slept = vi.fn();
  end = onSlept(slept, timers);
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

/** Timers stand still, the clock on the wall does not. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

test('that the machine slept is known within a second of its waking', () => {
  vi.advanceTimersByTime(5_500);
  expect(slept).not.toHaveBeenCalled();
  sleep(3_600_000);
  vi.advanceTimersByTime(1_000);
  expect(slept).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5_000);
  expect(slept).toHaveBeenCalledTimes(1);
});

test('a page that was busy for some seconds has not slept', () => {
  sleep(3_500);
  vi.advanceTimersByTime(5_000);
  expect(slept).not.toHaveBeenCalled();
});

test('nor has a clock that was set back', () => {
  sleep(-3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(slept).not.toHaveBeenCalled();
});

test('once ended, it tells nothing', () => {
  end();
  sleep(3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(slept).not.toHaveBeenCalled();
});
