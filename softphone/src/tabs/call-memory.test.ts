import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeptCall } from '../call/ports.ts';
import { CallMemory, type Store } from './call-memory.ts';

const CALL: KeptCall = {
  callId: 'c1',
  credential: 'dv1',
  direction: 'outgoing',
  remote: { number: '+12025550199' },
  startedAt: 1,
  answeredAt: 2,
  muted: false,
  held: true,
  tones: '12',
};

/** A browser's storage, which outlives the page. */
class FakeStore implements Store {
  readonly items = new Map<string, string>();
  writes = 0;
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.writes += 1;
    this.items.set(name, value);
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
}

let store: FakeStore;
const page = () => new CallMemory(() => store);

beforeEach(() => {
  vi.useFakeTimers();
  store = new FakeStore();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the memory of calls', () => {
  test('gives the next page of the device the calls as they were, once', () => {
    page().keep('d1', [CALL]);
    expect(page().take('d1')).toEqual([CALL]);
    expect(page().take('d1')).toEqual([]);
  });

  test('gives another device nothing', () => {
    page().keep('d1', [CALL]);
    expect(page().take('d2')).toEqual([]);
  });

  test('writes only what has changed', () => {
    const memory = page();
    memory.keep('d1', [CALL]);
    memory.keep('d1', [{ ...CALL }]);
    expect(store.writes).toBe(1);
    memory.keep('d1', [{ ...CALL, held: false }]);
    expect(store.writes).toBe(2);
  });

  test('keeps nothing once no call is up', () => {
    const memory = page();
    memory.keep('d1', [CALL]);
    memory.keep('d1', []);
    expect(store.items.size).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(store.items.size).toBe(0);
  });

  test('of a page that lives does not grow old', () => {
    page().keep('d1', [CALL]);
    vi.advanceTimersByTime(3_600_000);
    expect(page().take('d1')).toEqual([CALL]);
  });

  test('of a page that died long ago is of no use', () => {
    page().keep('d1', [CALL]);
    vi.clearAllTimers();
    vi.advanceTimersByTime(120_000);
    expect(page().take('d1')).toEqual([]);
  });

  test('does without a storage that is closed', () => {
    const memory = new CallMemory(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    memory.keep('d1', [CALL]);
    expect(memory.take('d1')).toEqual([]);
  });
});
