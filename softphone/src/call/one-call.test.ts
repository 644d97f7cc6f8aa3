import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MicrophoneError } from './media-port.ts';
import { FakeIncomingLeg, newPhone, settled } from './testing.ts';

let { world, phone, call, ready } = newPhone();

beforeEach(() => {
  ({ world, phone, call, ready } = newPhone());
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

  test('asks for the gateway when nothing is heard; a far end that is silent for a while changes nothing', () => {
    world.medias[0]?.isQuiet(600);
    expect(world.log).toContain('check');
    expect(world.legs[0]?.log).toEqual([]);
  });

  test('looks for another one, once, where the silence lasts, though the gateway is there', () => {
    for (const ms of [600, 2_600, 4_600, 6_600, 8_600]) world.medias[0]?.isQuiet(ms);
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
    for (const ms of [600, 2_600, 4_600]) world.medias[0]?.isQuiet(ms);
    expect(world.medias[0]?.log).toEqual(['restart-ice', 'restart-ice']);
    expect(world.legs[0]?.log).toEqual(['renegotiate', 'renegotiate']);
  });

  test('looks for another one over a new connection where nothing is heard, and else leaves it', () => {
    world.legs[0]?.listener?.reconnected();
    expect(world.legs[0]?.log).toEqual([]);
    Object.assign(world.medias[0] ?? {}, { quiet: true });
    world.legs[0]?.listener?.reconnected();
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
    expect(world.legs[0]?.log).toEqual(['renegotiate']);
  });

  test('looks for another one where the silence is noticed just after the new connection', () => {
    world.legs[0]?.listener?.reconnected();
    for (const ms of [600, 2_600]) world.medias[0]?.isQuiet(ms);
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
    world.legs[0]?.listener?.reconnected();
    world.time += 10_000;
    world.medias[0]?.isQuiet(600);
    expect(world.medias[0]?.log).toEqual(['restart-ice']);
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

test('an extension is called with all codecs, the outside with those of the trunks', async () => {
  await ready();
  for (const target of ['1002', '+12025550101', '911']) {
    phone.call(target);
    world.legs.at(-1)?.listener?.ended('busy');
  }
  const all = ['opus', 'g722', 'pcmu', 'pcma'];
  const outside = ['g722', 'pcmu', 'pcma'];
  expect(world.medias.map(({ codecs }) => codecs)).toEqual([all, outside, outside]);
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

describe('keys', () => {
  beforeEach(() => ready());

  test('sound here alone without a call, and go to the far end in one', () => {
    phone.sendDtmf('5');
    expect(world.log.at(-1)).toBe('key 5');
    phone.call('1002');
    world.legs[0]?.listener?.answered();
    phone.sendDtmf('7');
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
