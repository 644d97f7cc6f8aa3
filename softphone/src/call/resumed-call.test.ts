import { beforeEach, describe, expect, test } from 'vitest';
import { Phone } from './phone.ts';
import type { KeptCall } from './ports.ts';
import { FakeWorld, settled } from './testing.ts';

const LEFT: KeptCall = {
  callId: 'left-1',
  credential: 'dv0',
  direction: 'incoming',
  remote: { number: '+12025550199', name: 'Grace' },
  startedAt: 10,
  answeredAt: 20,
  muted: false,
  held: false,
  tones: '',
  codecs: ['pcma'],
};

let world: FakeWorld;
let phone: Phone;
const shown = () => phone.snapshot.calls[0];

async function load(...left: KeptCall[]) {
  world.memory.calls = left;
  phone = new Phone(world);
  await phone.start();
}

beforeEach(() => {
  world = new FakeWorld();
});

describe('a call that the page before left', () => {
  test('is shown at once, as it was, and taken over when the gateway is there', async () => {
    await load(LEFT);
    expect(shown()).toMatchObject({ status: 'established', resuming: true, answeredAt: 20 });
    expect(shown()?.remote).toEqual(LEFT.remote);
    expect(world.legs).toHaveLength(0);
    world.line?.connection('ready', true);
    expect(world.log).toContain('take-over left-1');
    await world.speak();
    expect(world.medias[0]?.log).toContain('speak');
    expect(world.medias[0]?.codecs).toEqual(['pcma']);
    world.legs[0]?.listener?.answered();
    expect(shown()).toMatchObject({ status: 'established', resuming: false, answeredAt: 20 });
  });

  test('is taken over once, however often the connection comes back', async () => {
    await load(LEFT);
    for (const status of ['ready', 'waiting', 'ready'] as const) world.line?.connection(status, true);
    expect(world.log.filter((line) => line.startsWith('take-over'))).toHaveLength(1);
  });

  test('stays remembered as it was until it is here, and then as it is', async () => {
    await load(LEFT);
    expect(world.memory.calls).toEqual([LEFT]);
    world.line?.connection('ready', true);
    expect(world.memory.calls).toEqual([LEFT]);
    world.legs[0]?.listener?.answered();
    expect(world.memory.calls).toEqual([{ ...LEFT, callId: 'call-id', credential: 'dv1' }]);
    world.legs[0]?.listener?.ended('hung-up-there');
    expect(world.memory.calls).toEqual([]);
  });

  test('on hold is silent at once, and its hold is agreed on when it is here', async () => {
    await load({ ...LEFT, held: true });
    world.line?.connection('ready', true);
    await world.speak();
    expect(world.medias[0]?.log).toEqual(['mute', 'speak']);
    expect(world.legs[0]?.log).toEqual([]);
    world.legs[0]?.listener?.answered();
    expect(world.medias[0]?.log).toEqual(['mute', 'speak', 'hold', 'unmute']);
    expect(world.legs[0]?.log).toEqual(['renegotiate']);
  });

  test('that has ended meanwhile says so', async () => {
    await load(LEFT);
    world.line?.connection('ready', true);
    world.legs[0]?.listener?.ended('ended-meanwhile');
    expect(shown()).toMatchObject({ status: 'terminated', endReason: 'ended-meanwhile' });
    await settled();
    expect(world.log).not.toContain('failed-tone');
  });

  test('has the floor, and one on hold beside it has not', async () => {
    await load({ ...LEFT, callId: 'left-0', held: true }, LEFT);
    expect(phone.snapshot.floor).toBe(phone.snapshot.calls[1]?.id);
    expect(phone.snapshot.calls.map(({ held }) => held)).toEqual([true, false]);
  });
});
