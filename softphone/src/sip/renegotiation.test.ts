import { type Session, SessionState } from 'sip.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { glareDelay, Renegotiation } from './renegotiation.ts';

let answers: (number | undefined)[];
let invites: number[];
let connected: boolean;
let agreed: number;
let refused: number;
let session: Session;

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  invites = [];
  connected = true;
  agreed = 0;
  refused = 0;
  session = {
    state: SessionState.Established,
    userAgent: { isConnected: () => connected },
    invite: async ({ requestDelegate }: Parameters<Session['invite']>[0] & object) => {
      invites.push(Date.now());
      const statusCode = answers.shift();
      const response = { message: { statusCode } } as never;
      if (statusCode === undefined) requestDelegate?.onAccept?.(response);
      else requestDelegate?.onReject?.(response);
    },
  } as unknown as Session;
});

afterEach(() => {
  vi.useRealTimers();
});

const make = (ownsCallId = true) =>
  new Renegotiation(session, ownsCallId, {
    agreed: () => {
      agreed += 1;
    },
    refused: () => {
      refused += 1;
    },
  });

test('the pause after a glare is 2.1 to 4 s for the owner of the Call-ID, else up to 2 s, in steps of 10 ms', () => {
  expect([0, 1].map((random) => glareDelay(true, random))).toEqual([2_100, 4_000]);
  expect([0, 1].map((random) => glareDelay(false, random))).toEqual([0, 2_000]);
  expect(glareDelay(true, 0.123) % 10).toBe(0);
});

test('after a glare it asks again, after the pause', async () => {
  answers = [491];
  make().ask();
  await vi.advanceTimersByTimeAsync(4_100);
  expect(invites).toHaveLength(2);
  expect((invites[1] ?? 0) - (invites[0] ?? 0)).toBeGreaterThanOrEqual(2_100);
  expect(agreed).toBe(1);
});

test('what is asked for without a connection is done when there is one', async () => {
  connected = false;
  const renegotiation = make();
  renegotiation.ask();
  await vi.advanceTimersByTimeAsync(1);
  expect(invites).toHaveLength(0);
  connected = true;
  await renegotiation.go();
  expect(invites).toHaveLength(1);
});

test('what is asked for twice while one is under way is asked for once more', async () => {
  const renegotiation = make();
  renegotiation.ask();
  renegotiation.ask();
  renegotiation.ask();
  await vi.advanceTimersByTimeAsync(1);
  expect(invites).toHaveLength(2);
});

test('a far end that goes on refusing is left alone, and that is told', async () => {
  answers = [488, 488, 488, 488, 488, 488];
  make().ask();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(invites).toHaveLength(5);
  expect([refused, agreed]).toEqual([1, 0]);
});
