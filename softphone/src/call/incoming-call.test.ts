import { beforeEach, describe, expect, test } from 'vitest';
import { MicrophoneError } from './media-port.ts';
import { FakeIncomingLeg, newPhone, settled } from './testing.ts';

let { world, phone, call, ready } = newPhone();

beforeEach(() => {
  ({ world, phone, call, ready } = newPhone());
});

describe('an incoming call', () => {
  let leg: FakeIncomingLeg;

  beforeEach(async () => {
    await ready();
    leg = new FakeIncomingLeg();
    world.line?.incoming(leg);
  });

  test('rings and says who calls', () => {
    expect(world.log.at(-1)).toBe('ring');
    expect(call()).toMatchObject({
      direction: 'incoming',
      status: 'ringing',
      remote: { number: '+12025550199' },
    });
  });

  test('is answered at once when the microphone is sure', async () => {
    phone.answer(call()?.id ?? '');
    expect(leg.log).toEqual(['prepare', 'answer']);
    leg.listener?.answered();
    await world.speak();
    expect(world.medias[0]?.log).toEqual(['speak']);
    expect(call()?.status).toBe('established');
  });

  test('waits for a microphone that must be asked for, and is declined without one', async () => {
    world.microphoneIsSure = false;
    phone.answer(call()?.id ?? '');
    expect(leg.log).toEqual(['prepare']);
    world.microphone.reject(new MicrophoneError('microphone-blocked'));
    await settled();
    expect(leg.log).toEqual(['prepare', 'hang-up']);
    expect(call()?.endReason).toBe('microphone-blocked');
  });

  test('is declined', () => {
    phone.hangUp(call()?.id ?? '');
    expect(leg.log.at(-1)).toBe('hang-up');
    expect(call()?.endReason).toBe('declined-here');
  });

  describe('after an outage', () => {
    const reconnect = async () => {
      leg.listener?.reconnected();
      await settled();
    };

    test('is missed where the server says that it is over', async () => {
      world.live = false;
      await reconnect();
      expect(world.log).toContain('is-live call-id');
      expect(call()).toMatchObject({ status: 'terminated', endReason: 'missed' });
      expect(leg.log).toEqual(['prepare', 'refuse given-up']);
      expect(world.log.at(-1)).toBe('quiet');
    });

    test.each([true, undefined])('rings on where the server says %s', async (live) => {
      world.live = live;
      await reconnect();
      expect(call()?.status).toBe('ringing');
      expect(leg.log).toEqual(['prepare']);
    });

    test('is not asked for once it is answered, whatever was said by then', async () => {
      world.live = false;
      leg.listener?.reconnected();
      phone.answer(call()?.id ?? '');
      await reconnect();
      expect(world.log.filter((entry) => entry.startsWith('is-live'))).toHaveLength(1);
      expect(leg.log).toEqual(['prepare', 'answer']);
      expect(call()?.status).toBe('ringing');
    });
  });

  test('that the caller gives up is a missed one', () => {
    leg.listener?.ended('missed');
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'missed' });
  });
});
