import { beforeEach, describe, expect, test } from 'vitest';
import { Phone } from './phone.ts';
import { FakeWorld, settled } from './testing.ts';

let world: FakeWorld;
let phone: Phone;

const calls = () => phone.snapshot.calls;
const id = (index: number) => calls()[index]?.id ?? '';
const first = () => world.legs[0];
const target = () => world.legs[1];

beforeEach(async () => {
  world = new FakeWorld();
  phone = new Phone(world);
  await phone.start();
  world.line?.connection('ready', true);
  phone.call('1002');
  first()?.listener?.answered();
});

describe('a transfer without asking', () => {
  beforeEach(() => {
    phone.blindTransfer(id(0), '1003');
  });

  test('holds the call, and joins the two as soon as the target answers', async () => {
    expect(calls()[0]?.held).toBe(true);
    expect(phone.snapshot.transfer?.stage).toBe('waiting');
    expect(first()?.log).not.toContain('join');
    target()?.listener?.answered();
    expect(phone.snapshot.transfer?.stage).toBe('joining');
    expect(first()?.log).toContain('join');
    first()?.joined.resolve(undefined);
    await settled();
    expect(phone.snapshot.transfer).toBeUndefined();
    expect(calls().map(({ endReason }) => endReason)).toEqual(['transferred', 'transferred']);
  });

  test('calls the target with the codecs of the call', () => {
    expect(world.medias[1]?.codecs).toEqual(world.medias[0]?.codecs);
  });

  test('lets the target hear nothing of this side', () => {
    expect(calls()[1]?.muted).toBe(true);
  });

  test('gives the call back and says why, when the target is busy', () => {
    target()?.listener?.ended('busy');
    expect(phone.snapshot.transfer).toMatchObject({ stage: 'failed', reason: 'busy' });
    expect(calls()[0]).toMatchObject({ status: 'established', held: false });
    phone.call('1004');
    expect(phone.snapshot.transfer).toBeUndefined();
  });

  test('gives the call back when it is cancelled, and says nothing', () => {
    phone.cancelTransfer();
    expect(target()?.log).toEqual(['hang-up']);
    expect(phone.snapshot.transfer).toBeUndefined();
    expect(calls()[0]?.held).toBe(false);
  });

  test('comes to nothing when the far end hangs up meanwhile; the target is rung up no more', () => {
    first()?.listener?.ended('hung-up-there');
    expect(phone.snapshot.transfer).toBeUndefined();
    expect(target()?.log).toEqual(['hang-up']);
  });
});

describe('a transfer after asking', () => {
  beforeEach(() => {
    phone.attendedTransfer(id(0), { number: '1003' });
  });

  test('waits for the person, who speaks with the target', () => {
    target()?.listener?.answered();
    expect(phone.snapshot.transfer?.stage).toBe('asking');
    expect(calls()[1]).toMatchObject({ muted: false, held: false });
    phone.completeTransfer();
    expect(first()?.log).toContain('join');
  });

  test('that is completed before the target answers is completed when it does', () => {
    phone.completeTransfer();
    expect(first()?.log).not.toContain('join');
    target()?.listener?.answered();
    expect(first()?.log).toContain('join');
  });

  test('that the gateway will not do gives the call back; the target is held, not lost', async () => {
    target()?.listener?.answered();
    phone.completeTransfer();
    first()?.joined.resolve('declined');
    await settled();
    expect(phone.snapshot.transfer).toMatchObject({ stage: 'failed', reason: 'declined' });
    expect(calls().map(({ held }) => held)).toEqual([false, true]);
  });

  test('whose ends leave before the gateway has said so is done', () => {
    target()?.listener?.answered();
    phone.completeTransfer();
    target()?.listener?.ended('hung-up-there');
    first()?.listener?.ended('hung-up-there');
    expect(phone.snapshot.transfer).toBeUndefined();
    expect(calls().map(({ endReason }) => endReason)).toContain('transferred');
  });

  test('that the target leaves gives the call back', () => {
    target()?.listener?.answered();
    target()?.listener?.ended('hung-up-there');
    expect(phone.snapshot.transfer).toMatchObject({ stage: 'failed', reason: 'hung-up-there' });
    expect(calls()[0]?.held).toBe(false);
  });
});

test('two calls that are up already can be joined, too', () => {
  phone.call('1003');
  target()?.listener?.answered();
  phone.attendedTransfer(id(0), { call: id(1) });
  expect(phone.snapshot.transfer?.stage).toBe('asking');
  phone.completeTransfer();
  expect(first()?.log).toContain('join');
});
