import { describe, expect, test } from 'vitest';
import { newCall, nextCall } from '../call/call-state.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import { LANGUAGES } from '../i18n/languages.ts';
import { present } from './presenter.ts';

const { en } = LANGUAGES;
const call = (direction: 'incoming' | 'outgoing'): CallSnapshot => ({
  ...newCall(direction, 0),
  id: 'call-1',
  remote: { number: '1002', name: 'Grace' },
  trace: [],
});
const phone = (more: Partial<PhoneSnapshot> = {}): PhoneSnapshot => ({
  session: 'signed-in',
  user: { id: 'u1', name: 'Ada', login: 'ada', extension: '1001', number: '+12025550150' },
  country: 'US',
  connection: { status: 'ready', wasReady: true, server: '', trace: [] },
  microphone: 'granted',
  calls: [],
  ...more,
});

test('an idle phone says whose it is and offers to dial', () => {
  expect(present(phone(), en, '', '')).toMatchObject({
    actions: 'dial',
    display: {
      lamp: 'on',
      connection: 'Ready',
      callState: '',
      entry: '',
      hint: '+12025550150 · Extension 1001',
    },
  });
});

test('with an empty field it tells what Call would dial again', () => {
  expect(present(phone(), en, '', '1002').display.hint).toBe('Press Call to dial 1002 again');
  expect(present(phone(), en, '2', '1002').display.hint).toContain('Extension');
});

test('an incoming call rings until it is being answered', () => {
  const ringing = call('incoming');
  expect(present(phone({ calls: [ringing] }), en, '', '')).toMatchObject({
    actions: 'incoming',
    display: {
      ringing: true,
      callState: 'Incoming call from Grace',
      party: { name: 'Grace', detail: '1002' },
    },
  });
  const answering = { ...ringing, ...nextCall(ringing, { type: 'answering' }) };
  expect(present(phone({ calls: [answering] }), en, '', '')).toMatchObject({
    actions: 'call',
    display: { ringing: false },
  });
});

describe('after a call', () => {
  const ended = (reason: 'busy' | 'hung-up-here'): CallSnapshot => ({
    ...call('outgoing'),
    ...nextCall(call('outgoing'), { type: 'ended', reason, at: 1 }),
  });

  test('the number field is back, and the reason stands beside it', () => {
    expect(present(phone({ calls: [ended('busy')] }), en, '', '')).toMatchObject({
      actions: 'dial',
      call: undefined,
      display: { entry: '', callState: 'Call ended: the line is busy', callTone: 'alert' },
    });
  });

  test('an end that somebody wanted is told quietly', () => {
    expect(present(phone({ calls: [ended('hung-up-here')] }), en, '', '').display.callTone).toBe('quiet');
  });
});

test('a microphone that must still be allowed is asked for, but only of who is signed in', () => {
  expect(present(phone({ microphone: 'prompt' }), en, '', '').microphoneNote).toBe('prompt');
  expect(
    present(phone({ microphone: 'prompt', session: 'signed-out' }), en, '', '').microphoneNote,
  ).toBeUndefined();
});
