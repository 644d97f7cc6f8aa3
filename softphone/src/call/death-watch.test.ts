import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DeathWatch } from './death-watch.ts';

class FakeCall {
  alive = true;
  signs = 100;
  async signsOfLife(): Promise<number> {
    return this.signs;
  }
  die(): void {
    this.alive = false;
  }
}

let call: FakeCall;
let watch: DeathWatch;

/** Lets time pass; every quarter of a second `each` happens. */
async function pass(ms: number, each: () => void = () => {}) {
  for (let passed = 0; passed < ms; passed += 250) {
    each();
    await vi.advanceTimersByTimeAsync(250);
  }
}

const down = () => watch.gatewayDown();

beforeEach(() => {
  vi.useFakeTimers();
  call = new FakeCall();
  watch = new DeathWatch(
    () => [call],
    () => Date.now(),
  );
  watch.begin();
});

afterEach(() => {
  watch.end();
  vi.useRealTimers();
});

describe('a call without a connection', () => {
  test('has died when the gateway is said to be down and nothing comes in for three seconds', async () => {
    await pass(3_000, down);
    expect(call.alive).toBe(true);
    await pass(500, down);
    expect(call.alive).toBe(false);
  });

  test('lives while anything comes in', async () => {
    await pass(20_000, () => {
      down();
      call.signs += 1;
    });
    expect(call.alive).toBe(true);
  });

  test('on hold lives by the checks of its path, every two and a half seconds', async () => {
    for (let i = 0; i < 8; i++) {
      call.signs += 1;
      await pass(2_500, down);
    }
    expect(call.alive).toBe(true);
  });

  test('lives through a silence of the whole network, which says nothing', async () => {
    await pass(60_000);
    expect(call.alive).toBe(true);
  });

  test('is not judged by what was said of the gateway before the network went', async () => {
    down();
    await pass(60_000);
    expect(call.alive).toBe(true);
  });

  test('does not take the sleep of its machine for silence', async () => {
    await pass(1_000, down);
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(1_000, down);
    expect(call.alive).toBe(true);
  });

  test('is judged from the start again after there was a connection', async () => {
    await pass(2_750, down);
    watch.end();
    await pass(5_000, down);
    watch.begin();
    await pass(2_750, down);
    expect(call.alive).toBe(true);
  });

  test('does not come back to life by counts that begin anew', async () => {
    await pass(2_000, down);
    call.signs = 0;
    await pass(1_500, down);
    expect(call.alive).toBe(false);
  });
});
