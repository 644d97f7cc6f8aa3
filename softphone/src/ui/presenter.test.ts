import { describe, expect, test } from 'vitest';
import { newCall, nextCall } from '../call/call-state.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import { en } from '../i18n/en.ts';
import { present, type Typing } from './presenter.ts';

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
  ringBlocked: false,
  calls: [],
  thirdCall: 'busy',
  ...more,
});

const shown = (snapshot: PhoneSnapshot, entry = '', lastDialled = '', typing: Typing = 'no') =>
  present(snapshot, en, { entry, lastDialled, typing });

test('an idle phone says whose it is and offers to dial', () => {
  expect(shown(phone())).toMatchObject({
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
  expect(shown(phone(), '', '1002').display.hint).toBe('Press Call to dial 1002 again');
  expect(shown(phone(), '2', '1002').display.hint).toContain('Extension');
});

test('an incoming call rings until it is being answered', () => {
  const ringing = call('incoming');
  expect(shown(phone({ calls: [ringing] }))).toMatchObject({
    actions: 'incoming',
    display: {
      ringing: true,
      callState: 'Incoming call from Grace',
      party: { name: 'Grace', detail: '1002' },
    },
  });
  const answering = { ...ringing, ...nextCall(ringing, { type: 'answering' }) };
  expect(shown(phone({ calls: [answering] }))).toMatchObject({
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
    expect(shown(phone({ calls: [ended('busy')] }))).toMatchObject({
      actions: 'dial',
      call: undefined,
      display: { entry: '', callState: 'Call ended: the line is busy', callTone: 'alert' },
    });
  });

  test('an end that somebody wanted is told quietly', () => {
    expect(shown(phone({ calls: [ended('hung-up-here')] })).display.callTone).toBe('quiet');
  });
});

test('a microphone that must still be allowed is asked for, but only of who is signed in', () => {
  expect(shown(phone({ microphone: 'prompt' })).microphoneNote).toBe('prompt');
  expect(shown(phone({ microphone: 'prompt', session: 'signed-out' })).microphoneNote).toBeUndefined();
});

describe('with several calls', () => {
  const up = (id: string, number: string, held: boolean): CallSnapshot => ({
    ...nextCall(newCall('outgoing', 0), { type: 'answered', at: 1 }),
    held,
    id,
    remote: { number },
    trace: [],
  });
  const one = phone({ calls: [up('a', '1002', false)], floor: 'a' });
  const two = phone({ calls: [up('a', '1002', true), up('b', '1003', false)], floor: 'b' });

  test('the one spoken in is on the display, the other stands beside it', () => {
    expect(shown(two)).toMatchObject({
      name: '1003',
      display: { callState: '1003: In call', party: { name: '1003' } },
      rows: [{ name: '1002', state: 'On hold', mayResume: true }],
      maySwap: true,
      mayAdd: false,
    });
  });

  test('one that waits is said', () => {
    const waiting = { ...call('incoming'), id: 'c' };
    expect(shown(phone({ calls: [up('a', '1002', false), waiting], floor: 'a' }))).toMatchObject({
      display: { callState: 'Incoming call from Grace', party: { name: '1002' }, ringing: false },
      rows: [{ name: 'Grace', state: 'Waits for your answer' }],
      maySwap: false,
    });
  });

  test('while a second number is typed, the first call stands beside it', () => {
    expect(shown(one)).toMatchObject({ mayAdd: true, rows: [], display: { entry: undefined } });
    expect(shown(one, '12', '', 'add')).toMatchObject({
      actions: 'dial',
      rows: [{ name: '1002', state: 'In call' }],
      display: { entry: '12' },
    });
  });

  test('one on hold is not resumed while another is being dialled', () => {
    const dialled = { ...call('outgoing'), id: 'c' };
    const { rows } = shown(phone({ calls: [up('a', '1002', true), dialled], floor: 'c' }));
    expect(rows).toMatchObject([{ name: '1002', mayResume: false }]);
  });

  describe('in a conference', () => {
    const member = (id: string, number: string, held: boolean) => ({ ...up(id, number, held), merged: true });
    const together = [member('a', '1002', true), member('b', '1003', false)];
    const conference = phone({ calls: together, floor: 'b' });

    test('the display names it, and each far end stands below', () => {
      expect(shown(conference)).toMatchObject({
        actions: 'conference',
        name: 'Conference',
        display: { callState: 'Conference: In call', party: { name: 'Conference', detail: '1002 · 1003' } },
        rows: [
          { name: '1002', state: 'In the conference', isMember: true, mayResume: false },
          { name: '1003', state: 'In the conference', isMember: true, mayResume: false },
        ],
        mayAdd: true,
        mayMerge: false,
        maySwap: false,
        mayTransfer: false,
      });
    });

    test('a call beside it can be merged into it, or left for it', () => {
      const calls = [...together.map((each) => ({ ...each, held: true })), up('c', '1004', false)];
      expect(shown(phone({ calls, floor: 'c' }))).toMatchObject({
        actions: 'call',
        name: '1004',
        rows: [
          { name: '1002', isMember: true, mayResume: true },
          { name: '1003', isMember: true, mayResume: false },
        ],
        mayAdd: false,
        mayMerge: true,
        maySwap: true,
        mayTransfer: false,
      });
    });
  });

  test('a merge is said while it goes on, and when it has failed', () => {
    expect(shown(two).mayMerge).toBe(true);
    const merge = { stage: 'merging', calls: ['a', 'b'] } as const;
    expect(shown({ ...two, merge })).toMatchObject({
      mayMerge: false,
      display: { callState: 'Merging the calls…' },
    });
    const failed = { ...merge, stage: 'failed', reason: 'unreachable' } as const;
    expect(shown({ ...two, merge: failed })).toMatchObject({
      mayMerge: true,
      display: { callState: 'Merge failed: the server does not answer', callTone: 'alert' },
    });
  });

  test('a transfer is said while it goes on by itself, and when it has failed', () => {
    const transfer = { stage: 'waiting', call: 'a', target: 'b' } as const;
    expect(shown({ ...two, transfer })).toMatchObject({
      actions: 'transfer',
      display: { callState: 'Transferring to 1003…' },
    });
    const failed = { ...transfer, stage: 'failed', reason: 'busy' } as const;
    expect(shown({ ...one, transfer: failed })).toMatchObject({
      actions: 'call',
      display: { callState: 'Transfer failed: the line is busy', callTone: 'alert' },
    });
  });
});
