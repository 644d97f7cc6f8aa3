import { describe, expect, test } from 'vitest';
import { type CallEvent, IllegalCallMoveError, isAlive, newCall, nextCall } from './call-state.ts';

const after = (direction: 'incoming' | 'outgoing', ...events: CallEvent[]) =>
  events.reduce(nextCall, newCall(direction, 1_000));

describe('an outgoing call', () => {
  test('tries, rings, is answered and ends', () => {
    const up = after('outgoing', { type: 'ringing' }, { type: 'answered', at: 3_000 });
    expect(up).toMatchObject({ status: 'established', startedAt: 1_000, answeredAt: 3_000 });
    const over = nextCall(up, { type: 'ended', reason: 'hung-up-there', at: 9_000 });
    expect(over).toMatchObject({ status: 'terminated', endReason: 'hung-up-there', endedAt: 9_000 });
  });

  test('may be answered without ever ringing', () => {
    expect(after('outgoing', { type: 'answered', at: 2_000 }).status).toBe('established');
  });

  test('keeps the sound of the far end when a late 180 follows it', () => {
    expect(after('outgoing', { type: 'early-media' }, { type: 'ringing' }).status).toBe('early');
  });

  test('cancelled here stays cancelled, even if the far end says busy at the same moment', () => {
    const over = after(
      'outgoing',
      { type: 'ending', reason: 'cancelled' },
      { type: 'ended', reason: 'busy', at: 5 },
    );
    expect(over.endReason).toBe('cancelled');
  });
});

describe('an incoming call', () => {
  test('rings, is being answered, and is up once that is confirmed', () => {
    const answering = after('incoming', { type: 'answering' });
    expect(answering).toMatchObject({ status: 'ringing', answering: true });
    expect(nextCall(answering, { type: 'answered', at: 2 })).toMatchObject({
      status: 'established',
      answering: false,
    });
  });
});

describe('a call refuses', () => {
  test.each<[string, CallEvent]>([
    ['ringing', { type: 'ringing' }],
    ['muting', { type: 'muted', muted: true }],
    ['a tone', { type: 'tone', tone: '1' }],
    ['a second end', { type: 'ended', reason: 'busy', at: 2 }],
  ])('%s once it is over', (_name, event) => {
    const over = after('outgoing', { type: 'ended', reason: 'busy', at: 1 });
    expect(() => nextCall(over, event)).toThrow(IllegalCallMoveError);
    expect(isAlive(over)).toBe(false);
  });

  test('being answered twice', () => {
    const up = after('outgoing', { type: 'answered', at: 1 });
    expect(() => nextCall(up, { type: 'answered', at: 2 })).toThrow(/established knows no "answered"/);
  });
});

test('mute and tones are kept across the answer', () => {
  const state = after(
    'outgoing',
    { type: 'muted', muted: true },
    { type: 'answered', at: 1 },
    { type: 'tone', tone: '4' },
    { type: 'tone', tone: '#' },
  );
  expect(state).toMatchObject({ muted: true, tones: '4#' });
});
