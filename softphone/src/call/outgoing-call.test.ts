import { beforeEach, describe, expect, test } from 'vitest';
import { newPhone, settled } from './testing.ts';

let { world, phone, call, ready } = newPhone();

beforeEach(() => {
  ({ world, phone, call, ready } = newPhone());
});

describe('an outgoing call', () => {
  beforeEach(() => ready());

  test('goes out at once when the microphone is sure, and speaks when it is open', async () => {
    phone.call('202 555 0101');
    expect(world.log).toContain('invite 2025550101');
    expect(world.medias[0]?.log).toEqual([]);
    await world.speak();
    expect(world.medias[0]?.log).toEqual(['speak']);
  });

  test('is told to subscribers once its INVITE is out, or a turn later at the latest', async () => {
    const heard: string[] = [];
    phone.subscribe(() => heard.push(call()?.trace[0]?.label ?? 'nothing sent'));
    const invite = { at: 0, sent: true, label: 'INVITE', method: 'INVITE', hasDescription: true };
    phone.call('1002');
    expect(heard).toEqual([]);
    world.legs[0]?.listener?.step(invite);
    expect(heard).toEqual(['INVITE']);
    world.legs[0]?.listener?.ended('busy');
    heard.length = 0;
    phone.call('1003');
    await settled();
    expect(heard).toEqual(['nothing sent']);
  });

  test('rings, is answered, and hangs up', () => {
    phone.call('1002');
    world.legs[0]?.listener?.ringing();
    expect(world.log.at(-1)).toBe('ringback');
    world.legs[0]?.listener?.answered();
    expect(call()).toMatchObject({ status: 'established', answeredAt: 1_000 });
    phone.hangUp(call()?.id ?? '');
    expect(call()).toMatchObject({ status: 'terminating', endReason: 'hung-up-here' });
    world.legs[0]?.listener?.ended('failed');
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'hung-up-here' });
    expect(world.medias[0]?.log.at(-1)).toBe('close');
  });

  test('plays no ringing of its own over the sound of the far end', () => {
    phone.call('1002');
    world.legs[0]?.listener?.earlyMedia();
    expect(world.log).not.toContain('ringback');
  });

  test('that is busy gives the busy tone; one that was cancelled gives none', () => {
    phone.call('1002');
    world.legs[0]?.listener?.ended('busy');
    expect(world.log.at(-1)).toBe('busy-tone');
    phone.call('1002');
    expect(world.log).toContain('quiet');
    phone.hangUp(call()?.id ?? '');
    world.legs[1]?.listener?.ended('cancelled');
    expect(world.log.filter((line) => line.endsWith('-tone'))).toEqual(['busy-tone']);
  });

  test('is not made to nobody', () => {
    expect(phone.call(' - ')).toBeUndefined();
    expect(phone.snapshot.calls).toEqual([]);
  });

  test('without a connection ends at once and says so', () => {
    world.line?.connection('waiting', true);
    phone.call('1002');
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'not-connected' });
    expect(world.legs).toHaveLength(0);
  });

  test('that finds no path for media before it is answered ends with that reason', () => {
    phone.call('1002');
    world.medias[0]?.path('given-up');
    expect(call()?.endReason).toBe('network-lost');
    expect(world.legs[0]?.log).toEqual(['hang-up']);
  });
});
