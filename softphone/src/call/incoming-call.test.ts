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

  test('that the caller gives up is a missed one', () => {
    leg.listener?.ended('missed');
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'missed' });
  });
});
