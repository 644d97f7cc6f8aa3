import { beforeEach, describe, expect, test } from 'vitest';
import { Phone } from './phone.ts';
import { FakeWorld, newPhone, settled } from './testing.ts';

let { world, phone, callUp, ready } = newPhone();

beforeEach(async () => {
  ({ world, phone, callUp, ready } = newPhone());
  await ready();
});

const calls = () => phone.snapshot.calls;
const alive = () => calls().filter(({ status }) => status === 'established');
const id = (index: number) => calls()[index]?.id ?? '';
const leg = (index: number) => world.legs[index]?.log.at(-1);

/** Calls 1002 and 1003, and merges them: the second one has the floor. */
async function merge(): Promise<void> {
  callUp('1002');
  callUp('1003');
  phone.merge();
  await settled();
}

describe('merging', () => {
  test('is the gateway’s to do; one of the calls speaks for all of them', async () => {
    await merge();
    expect(world.log).toContain('merge call-id call-id');
    expect(calls().map(({ merged, held }) => [merged, held])).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(phone.snapshot.merge).toBeUndefined();
  });

  test('that fails leaves both calls as they were, and tells why until something else is done', async () => {
    world.mergeFault = 'gateway-unavailable';
    await merge();
    expect(phone.snapshot.merge).toMatchObject({ stage: 'failed', reason: 'gateway-unavailable' });
    expect(calls().map(({ merged, held }) => [merged, held])).toEqual([
      [undefined, true],
      [undefined, false],
    ]);
    phone.swap();
    expect(phone.snapshot.merge).toBeUndefined();
  });

  test('is not asked for twice', async () => {
    callUp('1002');
    callUp('1003');
    phone.merge();
    phone.merge();
    await settled();
    expect(world.log.filter((line) => line.startsWith('merge'))).toHaveLength(1);
  });

  test('brings a further call in', async () => {
    await merge();
    callUp('1004');
    phone.merge();
    await settled();
    expect(world.log).toContain('merge call-id call-id call-id');
    expect(calls().map(({ merged, held }) => [merged, held])).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ]);
  });
});

describe('in a conference', () => {
  beforeEach(merge);

  test('the end of the call that speaks gives the floor to another member', () => {
    phone.hangUp(id(1));
    expect(leg(1)).toBe('hang-up');
    expect(alive()).toMatchObject([{ remote: { number: '1002' }, held: false }]);
    expect(phone.snapshot.floor).toBe(id(0));
  });

  test('the end of another one changes nothing', () => {
    world.legs[0]?.listener?.ended('hung-up-there');
    expect(alive()).toMatchObject([{ remote: { number: '1003' }, held: false }]);
  });

  test('on hold, nobody is spoken with when a member goes', () => {
    phone.hold(id(1));
    world.legs[1]?.listener?.ended('hung-up-there');
    expect(alive()).toMatchObject([{ remote: { number: '1002' }, held: true }]);
  });

  test('beside another call, the end of a member changes nothing', () => {
    callUp('1004');
    phone.hangUp(id(1));
    expect(alive().map(({ held }) => held)).toEqual([true, false]);
  });

  test('mute is of all of it', () => {
    phone.setMuted(id(1), true);
    phone.hangUp(id(1));
    expect(alive()).toMatchObject([{ muted: true, held: false }]);
  });

  test('leaving lets all far ends stay, and speaks with none of them again', () => {
    phone.leave();
    expect([leg(0), leg(1)]).toEqual(['leave', 'leave']);
    expect(world.medias[0]?.log).not.toContain('resume');
    expect(alive()).toEqual([]);
  });

  test('no member is handed on', () => {
    phone.attendedTransfer(id(0), { call: id(1) });
    expect(phone.snapshot.transfer).toBeUndefined();
  });

  test('another page of the device knows of it', async () => {
    expect(world.memory.calls.map(({ merged }) => merged)).toEqual([true, true]);
    const next = new FakeWorld();
    next.memory.calls = world.memory.calls;
    const again = new Phone(next);
    await again.start();
    expect(again.snapshot.calls.map(({ merged }) => merged)).toEqual([true, true]);
  });
});
