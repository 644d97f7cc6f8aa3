import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MicrophoneError } from './ports.ts';
import { FakeIncomingLeg, newPhone, settled } from './testing.ts';

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

describe('an answered call whose path for media is gone', () => {
  beforeEach(async () => {
    await ready();
    phone.call('1002');
    world.legs[0]?.listener?.answered();
  });

  test('looks for another one at once, and asks whether the gateway is still there', () => {
    world.medias[0]?.path('lost');
    expect(world.log).toContain('check');
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
    expect(world.legs[0]?.log).toEqual(['renegotiate']);
  });

  test('asks for the gateway when nothing is heard; a far end that is silent changes nothing', () => {
    world.medias[0]?.isQuiet();
    expect(world.log).toContain('check');
    expect(world.legs[0]?.log).toEqual([]);
  });

  test('looks for another one over a new connection where nothing is heard, and else leaves it', () => {
    world.legs[0]?.listener?.reconnected();
    expect(world.legs[0]?.log).toEqual([]);
    Object.assign(world.medias[0] ?? {}, { quiet: true });
    world.legs[0]?.listener?.reconnected();
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
    expect(world.legs[0]?.log).toEqual(['renegotiate']);
  });

  test('ends when two others led nowhere, counted from the last that was found', () => {
    for (const path of ['given-up', 'given-up', 'found', 'given-up', 'given-up'] as const)
      world.medias[0]?.path(path);
    expect(call()?.status).toBe('established');
    world.medias[0]?.path('given-up');
    expect(call()?.endReason).toBe('network-lost');
  });

  test('stays on hold when the far end refuses to look for another path', () => {
    phone.hold(call()?.id ?? '');
    world.legs[0]?.listener?.renegotiated();
    world.medias[0]?.path('lost');
    world.legs[0]?.listener?.renegotiationRefused();
    expect(call()?.held).toBe(true);
  });
});

describe('a microphone', () => {
  beforeEach(() => ready());

  test('that must be asked for comes before the INVITE', async () => {
    world.microphoneIsSure = false;
    phone.call('1002');
    expect(world.legs).toHaveLength(0);
    await world.speak();
    expect(world.log).toContain('invite 1002');
    expect(world.medias[0]?.log).toEqual(['speak']);
  });

  test('that is blocked ends the call before anybody is rung up', async () => {
    world.microphoneIsSure = false;
    phone.call('1002');
    world.microphone.reject(new MicrophoneError('microphone-blocked'));
    await settled();
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'microphone-blocked' });
    expect(world.legs).toHaveLength(0);
  });

  test('that turns out to be missing takes back the INVITE that is out already', async () => {
    phone.call('1002');
    world.microphone.reject(new MicrophoneError('microphone-missing'));
    await settled();
    expect(world.legs[0]?.log).toEqual(['hang-up']);
    expect(call()?.endReason).toBe('microphone-missing');
  });

  test('that opens after the call is over is closed again', async () => {
    phone.call('1002');
    world.legs[0]?.listener?.ended('busy');
    await world.speak();
    expect(world.track.stopped).toBe(true);
  });
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

describe('keys', () => {
  beforeEach(() => ready());

  test('sound here alone without a call, and go to the far end in one', () => {
    phone.press('5');
    expect(world.log.at(-1)).toBe('key 5');
    phone.call('1002');
    world.legs[0]?.listener?.answered();
    phone.press('7');
    expect(world.medias[0]?.log).toEqual(['tone 7']);
    expect(call()?.tones).toBe('7');
  });
});

describe('hold', () => {
  beforeEach(async () => {
    await ready();
    phone.call('1002');
  });

  test('is for answered calls alone', () => {
    phone.hold(call()?.id ?? '');
    expect(call()?.held).toBe(false);
    expect(world.legs[0]?.log).toEqual([]);
  });

  test('silences the media, then tells the far end; resuming does the reverse', () => {
    world.legs[0]?.listener?.answered();
    phone.hold(call()?.id ?? '');
    expect(call()?.held).toBe(true);
    phone.hold(call()?.id ?? '');
    phone.unhold(call()?.id ?? '');
    expect(call()?.held).toBe(false);
    expect(world.medias[0]?.log).toEqual(['hold', 'resume']);
    expect(world.legs[0]?.log).toEqual(['renegotiate', 'renegotiate']);
  });

  test('that the far end will not have is taken back', () => {
    world.legs[0]?.listener?.answered();
    phone.hold(call()?.id ?? '');
    world.legs[0]?.listener?.renegotiationRefused();
    expect(call()?.held).toBe(false);
    expect(world.medias[0]?.log).toEqual(['hold', 'resume']);
  });
});

test('muting reaches the media and shows', async () => {
  await ready();
  phone.call('1002');
  phone.setMuted(call()?.id ?? '', true);
  expect(world.medias[0]?.log).toEqual(['mute']);
  expect(call()?.muted).toBe(true);
});

describe('a gateway that is gone', () => {
  beforeEach(async () => {
    await ready();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function gone(ms: number) {
    world.line?.connection('waiting', true);
    for (let passed = 0; passed < ms; passed += 500) {
      world.line?.gatewayDown();
      await vi.advanceTimersByTimeAsync(500);
    }
  }

  test('takes its calls along: they say so without waiting for it, and hang up in case it lives', async () => {
    phone.call('1002');
    world.legs[0]?.listener?.answered();
    await gone(4_000);
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'network-lost' });
    expect(world.legs[0]?.log).toEqual(['hang-up']);
  });

  test('leaves a call missed that was still ringing', async () => {
    world.line?.incoming(new FakeIncomingLeg());
    await gone(4_000);
    expect(call()).toMatchObject({ status: 'terminated', endReason: 'missed' });
  });

  test('and is back in time leaves it to the gateway what calls there are', async () => {
    phone.call('1002');
    world.legs[0]?.listener?.answered();
    await gone(2_000);
    world.line?.connection('ready', true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(call()?.status).toBe('established');
  });
});
