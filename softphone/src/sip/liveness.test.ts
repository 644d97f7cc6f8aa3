import { beforeEach, expect, test } from 'vitest';
import { Liveness } from './liveness.ts';

let now: number;
let due: { work: () => void; at: number } | undefined;
let log: string[];
let liveness: Liveness;

beforeEach(() => {
  now = 0;
  due = undefined;
  log = [];
  const listener = {
    ask: () => log.push('ask'),
    stale: () => log.push('stale'),
    answered: () => log.push('answered'),
    silent: () => log.push('silent'),
  };
  const timers = {
    set: (work: () => void, ms: number) => {
      due = { work, at: now + ms };
      return due;
    },
    clear: (timer: unknown) => {
      if (timer === due) due = undefined;
    },
  };
  liveness = new Liveness(listener, timers, () => now);
  liveness.start();
});

/** Lets the next timer come due. @returns how long that took, in ms */
function wait(): number {
  const { work, at } = due ?? { work: () => {}, at: now };
  const waited = at - now;
  now = at;
  due = undefined;
  work();
  return waited;
}

test('it asks three seconds after an answer, and waits two for the next one', () => {
  expect(wait()).toBe(3_000);
  expect(wait()).toBe(2_000);
  expect(log).toEqual(['ask', 'silent']);
});

test('on a suspicion a gateway that answers in no time has 0.4 s', () => {
  wait();
  now += 5;
  liveness.answered();
  liveness.suspect();
  expect(wait()).toBe(400);
  expect(log).toEqual(['ask', 'answered', 'ask', 'silent']);
});

test('a slow one has four times as long as it took, and a second at most', () => {
  wait();
  now += 200;
  liveness.answered();
  liveness.suspect();
  expect((due?.at ?? 0) - now).toBe(800);
  now += 700;
  liveness.answered();
  liveness.suspect();
  expect((due?.at ?? 0) - now).toBe(1_000);
});

test('one question after the other does not make it wait longer', () => {
  wait();
  now += 5;
  liveness.answered();
  liveness.suspect();
  now += 300;
  liveness.check();
  expect(wait()).toBe(100);
  expect(log).toEqual(['ask', 'answered', 'ask', 'ask', 'silent']);
});

test('but it may make it wait less', () => {
  wait();
  now += 500;
  liveness.check();
  expect(wait()).toBe(1_000);
});
