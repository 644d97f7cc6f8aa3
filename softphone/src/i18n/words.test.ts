import { describe, expect, test } from 'vitest';
import { newCall, nextCall } from '../call/call-state.ts';
import { END_REASONS } from '../call/end-reason.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { pickLanguage } from './languages.ts';
import { callWords, connectionWords, partyWords, timerWords } from './words.ts';

const outgoing: CallSnapshot = {
  ...newCall('outgoing', 0),
  id: 'call-1',
  remote: { number: '+12025550101' },
  trace: [],
};
const incoming: CallSnapshot = {
  ...outgoing,
  ...newCall('incoming', 0),
  remote: { number: '1002', name: '그레이스' },
};

describe('the words for a call', () => {
  test('follow it from the click to the end', () => {
    const said = [
      outgoing,
      nextCall(outgoing, { type: 'ringing' }),
      nextCall(outgoing, { type: 'answered', at: 1 }),
      nextCall(outgoing, { type: 'ended', reason: 'busy', at: 1 }),
    ].map((state) => callWords({ ...outgoing, ...state }, 'US', en));
    expect(said).toEqual(['Calling +12025550101', 'Ringing', 'In call', 'Call ended: the line is busy']);
  });

  test('say that a call is on hold', () => {
    const held = nextCall(nextCall(outgoing, { type: 'answered', at: 1 }), { type: 'held', held: true });
    expect(callWords({ ...outgoing, ...held }, 'US', en)).toBe('On hold');
  });

  test('name the caller, and say that it is being answered', () => {
    expect(callWords(incoming, 'KR', ko)).toBe('그레이스에서 온 전화');
    const answering = { ...incoming, ...nextCall(incoming, { type: 'answering' }) };
    expect(callWords(answering, 'US', en)).toBe('Connecting…');
  });

  test.each(END_REASONS)('know "%s" in English and in Korean', (reason) => {
    expect(en.reasons[reason]).toMatch(/^[a-z][a-z’ ]+$/);
    expect(ko.reasons[reason]).toMatch(/^[가-힣 ]+$/);
  });
});

describe('the words for the registration', () => {
  const phone = (status: PhoneSnapshot['connection']['status'], wasReady = false): PhoneSnapshot => ({
    session: 'signed-in',
    country: 'US',
    connection: { status, wasReady, server: '', trace: [] },
    microphone: 'granted',
    ringBlocked: false,
    calls: [],
    thirdCall: 'busy',
  });

  test.each([
    ['ready', true, 'Ready'],
    ['connecting', false, 'Connecting…'],
    ['registering', false, 'Connecting…'],
    ['waiting', true, 'No connection. Reconnecting…'],
    ['doubtful', true, 'Checking the connection…'],
  ] as const)('%s (ready before: %s) is "%s"', (status, wasReady, words) => {
    expect(connectionWords(phone(status, wasReady), en)).toBe(words);
  });
});

test('a caller who withholds the number is called that', () => {
  expect(partyWords({ number: '' }, 'US', en)).toBe('Number withheld');
});

test.each([
  [0, '0:00'],
  [7_900, '0:07'],
  [725_000, '12:05'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%i ms are shown as %s', (ms, shown) => {
  expect(timerWords(ms)).toBe(shown);
});

describe('the language', () => {
  test('follows the browser', () => {
    expect(pickLanguage(null, ['ko-KR', 'en'])).toBe('ko');
    expect(pickLanguage(null, ['fr', 'en-GB'])).toBe('en');
  });

  test('that was chosen wins', () => {
    expect(pickLanguage('en', ['ko'])).toBe('en');
  });

  test('is English where nothing fits, also when what was remembered is nonsense', () => {
    expect(pickLanguage('xx', ['fr'])).toBe('en');
    expect(pickLanguage('toString', [])).toBe('en');
  });
});
