import { beforeEach, describe, expect, test } from 'vitest';
import { WarmPeer } from './warm-peer.ts';

class FakePeer {
  warmed = false;
  closed = false;
  async warm() {
    this.warmed = true;
  }
  close() {
    this.closed = true;
  }
}

let made: FakePeer[];
let due: { work: () => void; ms: number } | undefined;
let warm: WarmPeer<FakePeer>;

beforeEach(() => {
  made = [];
  due = undefined;
  warm = new WarmPeer(
    () => {
      const peer = new FakePeer();
      made.push(peer);
      return peer;
    },
    {
      set: (work, ms) => {
        due = { work, ms };
        return due;
      },
      clear: () => {
        due = undefined;
      },
    },
  );
});

describe('a kept peer connection', () => {
  test('is warmed ahead of the call, and is the one the call takes', () => {
    warm.keep();
    expect(made[0]?.warmed).toBe(true);
    expect(warm.take()).toBe(made[0]);
    expect(made).toHaveLength(1);
  });

  test('is followed by another a moment after it was taken', () => {
    warm.keep();
    warm.take();
    expect(due?.ms).toBe(1_000);
    due?.work();
    expect(warm.take()).toBe(made[1]);
  });

  test('is renewed when it has grown old, and the old one is closed', () => {
    warm.keep();
    expect(due?.ms).toBe(300_000);
    due?.work();
    expect(made[0]?.closed).toBe(true);
    expect(made[1]?.warmed).toBe(true);
  });

  test('is let go when the phone rests', () => {
    warm.keep();
    warm.rest();
    expect(made[0]?.closed).toBe(true);
    expect(due).toBeUndefined();
  });
});

test('a call without anything kept gets a peer connection of its own', () => {
  expect(warm.take()).toBe(made[0]);
  expect(due).toBeUndefined();
});
