import { describe, expect } from 'vitest';
import { findPitch } from '../support/pitch.ts';
import { carrierExpects, type Options, phoneCalls } from './calls.ts';
import { RtpPeer } from './rtp-peer.ts';
import { answers } from './trace.ts';
import { test as base, type Sipp, type World } from './world.ts';

const NUMBER = '+12125550142';
const PHONE_HERTZ = 700;
const CARRIER_HERTZ = 1_100;
/** Half a step of the pitch that half a second of sound tells apart. */
const PRECISION_HERTZ = 4;
const KEYS_OF_PHONE = '0123456789*#';
const KEYS_OF_CARRIER = '*42#';

interface Ends {
  readonly phone: RtpPeer;
  readonly carrier: RtpPeer;
}

const test = base.extend<{ ends: Ends }>({
  ends: async ({ world }, use) => {
    const phone = await RtpPeer.at(world.lab.sip.phones);
    const carrier = await RtpPeer.at(world.carrier.address);
    await use({ phone, carrier });
    phone.close();
    carrier.close();
  },
});

/** Brings a call up, or to its early media, and tells both ends where to send. */
async function connect(
  world: World,
  sipp: Sipp,
  ends: Ends,
  scenario: Options & { readonly carrier: string; readonly ringingMs?: number },
) {
  const subscriber = await world.subscriber();
  const { carrier, ringingMs = 0, ...options } = scenario;
  const called = { pauseMs: ringingMs, keys: { rtp: ends.carrier.port } };
  const carrierRun = await carrierExpects(world, sipp, carrier, called);
  const keys = { rtp: ends.phone.port };
  const phoneRun = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls', { ...options, keys });
  const answer = await phoneRun.message(
    ({ direction, status, body }) => direction === 'received' && status > 100 && body.includes('m=audio'),
  );
  const invite = await carrierRun.message(({ method, status }) => method === 'INVITE' && status === 0);
  ends.phone.sendTo(answer.body);
  ends.carrier.sendTo(invite.body);
  return { phoneRun, carrierRun };
}

async function expectPitch(peer: RtpPeer, hertz: number): Promise<void> {
  const pitch = findPitch(await peer.listen(0.5));
  expect(Math.abs((pitch?.hertz ?? 0) - hertz)).toBeLessThan(PRECISION_HERTZ);
  expect(pitch?.share).toBeGreaterThan(0.8);
}

describe('media', () => {
  test('goes both ways once the call is answered', async ({ world, sipp, ends }) => {
    const { phoneRun, carrierRun } = await connect(world, sipp, ends, { carrier: 'answers', pauseMs: 1_500 });
    await phoneRun.message(({ method, status }) => method === 'INVITE' && status === 200);
    ends.carrier.sendTone(CARRIER_HERTZ);
    ends.phone.sendTone(PHONE_HERTZ);
    await Promise.all([expectPitch(ends.phone, CARRIER_HERTZ), expectPitch(ends.carrier, PHONE_HERTZ)]);
    await Promise.all([phoneRun.done, carrierRun.done]);
  });

  test('of the called side is heard before the answer', async ({ world, sipp, ends }) => {
    const { phoneRun, carrierRun } = await connect(world, sipp, ends, {
      carrier: 'early-media',
      ringingMs: 2_000,
    });
    ends.carrier.sendTone(CARRIER_HERTZ);
    await expectPitch(ends.phone, CARRIER_HERTZ);
    const heard = Date.now();
    const [messages] = await Promise.all([phoneRun.done, carrierRun.done]);
    expect(answers(messages).slice(-2)).toEqual([183, 200]);
    expect(messages.find(({ method, status }) => method === 'INVITE' && status === 200)?.at).toBeGreaterThan(
      heard,
    );
  });

  test('carries the phone’s digits to the carrier, and the carrier’s to the phone', async ({
    world,
    sipp,
    ends,
  }) => {
    const { phoneRun, carrierRun } = await connect(world, sipp, ends, { carrier: 'answers', pauseMs: 4_000 });
    await phoneRun.message(({ method, status }) => method === 'INVITE' && status === 200);
    await Promise.all([ends.phone.sendKeys(KEYS_OF_PHONE), ends.carrier.sendKeys(KEYS_OF_CARRIER)]);
    await ends.carrier.until(({ keys }) => keys.length >= KEYS_OF_PHONE.length);
    await ends.phone.until(({ keys }) => keys.length >= KEYS_OF_CARRIER.length);
    expect(ends.carrier.keys).toBe(KEYS_OF_PHONE);
    expect(ends.phone.keys).toBe(KEYS_OF_CARRIER);
    await Promise.all([phoneRun.done, carrierRun.done]);
  });
});
