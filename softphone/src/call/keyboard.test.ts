import { describe, expect, test } from 'vitest';
import { newCall, nextCall } from './call-state.ts';
import { type Focus, keyIntent } from './keyboard.ts';
import type { CallSnapshot } from './snapshot.ts';

const press = (key: string, more = {}) => ({ key, modified: false, repeated: false, ...more });
const call = (direction: 'incoming' | 'outgoing'): CallSnapshot => ({
  ...newCall(direction, 0),
  id: 'call-1',
  remote: { number: '1002' },
  trace: [],
});
const up: CallSnapshot = { ...call('outgoing'), ...nextCall(call('outgoing'), { type: 'answered', at: 1 }) };

describe('digits', () => {
  test.each<Focus>(['none', 'control'])('go to the number with the focus on %s', (focus) => {
    expect(keyIntent(press('7'), focus, undefined)).toEqual({ type: 'key', key: '7' });
  });

  test('are typed by the number field itself, and left to other fields', () => {
    expect(keyIntent(press('7'), 'number', undefined)).toBeUndefined();
    expect(keyIntent(press('7'), 'field', undefined)).toBeUndefined();
  });

  test('go into the call that is up', () => {
    expect(keyIntent(press('#'), 'none', up)).toEqual({ type: 'key', key: '#' });
  });
});

describe('Enter', () => {
  test('calls, answers, and does nothing in a call', () => {
    expect(keyIntent(press('Enter'), 'number', undefined)).toEqual({ type: 'call' });
    expect(keyIntent(press('Enter'), 'none', call('incoming'))).toEqual({ type: 'answer' });
    expect(keyIntent(press('Enter'), 'none', up)).toBeUndefined();
  });

  test("is a button's own", () => {
    expect(keyIntent(press('Enter'), 'control', undefined)).toBeUndefined();
  });
});

describe('Escape', () => {
  test('hangs up or declines, and clears the number without a call', () => {
    expect(keyIntent(press('Escape'), 'control', up)).toEqual({ type: 'hang-up' });
    expect(keyIntent(press('Escape'), 'none', call('incoming'))).toEqual({ type: 'hang-up' });
    expect(keyIntent(press('Escape'), 'number', undefined)).toEqual({ type: 'clear' });
  });
});

test('a key held down makes and ends no call', () => {
  expect(keyIntent(press('Enter', { repeated: true }), 'none', undefined)).toBeUndefined();
  expect(keyIntent(press('Escape', { repeated: true }), 'none', up)).toBeUndefined();
});

test('keys with Ctrl, Alt or Meta belong to the browser', () => {
  expect(keyIntent(press('1', { modified: true }), 'none', undefined)).toBeUndefined();
});

test('a plus and a backspace edit the number, but not in a call', () => {
  expect(keyIntent(press('+'), 'none', undefined)).toEqual({ type: 'plus' });
  expect(keyIntent(press('Backspace'), 'none', undefined)).toEqual({ type: 'delete' });
  expect(keyIntent(press('Backspace'), 'none', up)).toBeUndefined();
});
