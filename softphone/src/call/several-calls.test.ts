import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeIncomingLeg, newPhone, settled } from './testing.ts';

let { world, phone, callUp, ready } = newPhone();

beforeEach(async () => {
  ({ world, phone, callUp, ready } = newPhone());
  await ready();
});

const calls = () => phone.snapshot.calls;
const held = () => calls().map((call) => call.held);
const id = (index: number) => calls()[index]?.id ?? '';

/** @returns the leg of a call that now rings here */
function ring(): FakeIncomingLeg {
  const leg = new FakeIncomingLeg();
  world.line?.incoming(leg);
  return leg;
}

describe('a second call', () => {
  test('that is dialled holds the first', () => {
    callUp('1002');
    phone.call('1003');
    expect(calls().map(({ status }) => status)).toEqual(['established', 'trying']);
    expect(held()).toEqual([true, false]);
    expect(phone.snapshot.floor).toBe(id(1));
  });

  test('that comes in knocks, and leaves the first alone until it is answered', () => {
    callUp('1002');
    const leg = ring();
    expect(world.log.at(-1)).toBe('call-waiting');
    expect(held()).toEqual([false, false]);
    phone.answer(id(1));
    leg.listener?.answered();
    expect(held()).toEqual([true, false]);
    expect(world.log.at(-1)).not.toBe('call-waiting');
  });

  test('that is declined leaves the first one the floor', () => {
    callUp('1002');
    ring();
    phone.hangUp(id(1));
    expect(held()[0]).toBe(false);
    expect(phone.snapshot.floor).toBe(id(0));
  });

  test('that is answered ends one that is still being dialled: it could not be held', () => {
    phone.call('1002');
    ring();
    phone.answer(id(1));
    expect(world.legs[0]?.log).toEqual(['hang-up']);
  });

  test('that is busy is told without a tone over the first', async () => {
    callUp('1002');
    phone.call('1003');
    world.legs[1]?.listener?.ended('busy');
    expect(world.log).not.toContain('busy-tone');
    expect(calls().map(({ status }) => status)).toEqual(['established', 'terminated']);
  });
});

describe('with two calls', () => {
  beforeEach(() => {
    callUp('1002');
    callUp('1003');
  });

  test('swap changes places, each time', () => {
    phone.swap();
    expect(held()).toEqual([false, true]);
    expect(phone.snapshot.floor).toBe(id(0));
    phone.swap();
    expect(held()).toEqual([true, false]);
  });

  test('resuming one holds the other', () => {
    phone.unhold(id(0));
    expect(held()).toEqual([false, true]);
  });

  test('keys go to the one that has the floor', () => {
    phone.sendDtmf('1');
    phone.swap();
    phone.sendDtmf('2');
    expect(calls().map(({ tones }) => tones)).toEqual(['2', '1']);
  });

  test('mute stays with its call', () => {
    phone.setMuted(id(1), true);
    phone.swap();
    expect(calls().map(({ muted }) => muted)).toEqual([false, true]);
  });

  test('both can be on hold', () => {
    phone.hold(id(1));
    expect(held()).toEqual([true, true]);
    phone.sendDtmf('1');
    expect(calls().map(({ tones }) => tones)).toEqual(['', '']);
  });

  test('the end of one leaves the other on hold, until the person resumes it', () => {
    phone.hangUp(id(1));
    world.legs[1]?.listener?.ended('failed');
    expect(phone.snapshot.floor).toBeUndefined();
    expect(held()[0]).toBe(true);
    phone.unhold(id(0));
    expect(held()[0]).toBe(false);
    expect(phone.snapshot.floor).toBe(id(0));
  });

  test('no further one can be dialled', () => {
    expect(phone.call('1004')).toBeUndefined();
  });

  test('a third one that comes in finds the line busy, or waits where the person wants it', () => {
    expect(ring().log).toEqual(['refuse busy']);
    phone.setThirdCall('waits');
    const third = ring();
    expect(third.log).toEqual(['prepare']);
    phone.answer(id(2));
    third.listener?.answered();
    expect(held()).toEqual([true, true, false]);
    expect(ring().log).toEqual(['refuse busy']);
  });
});

test('a call that was answered here is held when another is resumed before the far end has confirmed', () => {
  callUp('1002');
  const leg = ring();
  phone.answer(id(1));
  phone.unhold(id(0));
  leg.listener?.answered();
  expect(held()).toEqual([false, true]);
});

test('the end of a call is told for a while beside others that are up, then only they are left', () => {
  vi.useFakeTimers();
  try {
    callUp('1002');
    callUp('1003');
    world.legs[1]?.listener?.ended('hung-up-there');
    expect(calls()).toHaveLength(2);
    vi.runAllTimers();
    expect(calls()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('snapshots are plain data', async () => {
  callUp('1002');
  callUp('1003');
  ring();
  await settled();
  expect(structuredClone(phone.snapshot)).toEqual(phone.snapshot);
});
