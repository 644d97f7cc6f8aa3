import { describe, expect } from 'vitest';
import { carrierCalls, phoneExpects, q850, registerPhone } from './calls.ts';
import { answers, finalAnswer, received } from './trace.ts';
import { test } from './world.ts';

describe('a call from the carrier', () => {
  test('to an assigned number rings the phone and shows the caller with a +', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers', { pauseMs: 100 });
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls');
    expect(answers(await carrier.done)).toEqual([100, 180, 200]);
    const [invite] = received(await phone.done, 'INVITE');
    expect(invite?.header('From')).toContain('<sip:+12125550123@handset.local>');
    expect(await world.records(subscriber.extension)).toMatchObject([
      {
        direction: 'inbound',
        number: '+12125550123',
        own_number: subscriber.number,
        credential: subscriber.phone.user,
        trunk: 'trunk',
        reason: 'completed',
      },
    ]);
  });

  test('tells the carrier the number that was reached, and neither name nor extension', async ({
    world,
    sipp,
  }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers', { pauseMs: 100 });
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls');
    const told = (await carrier.done).filter(({ method, status }) => method === 'INVITE' && status >= 180);
    await phone.done;
    expect(told.map(({ status }) => status)).toEqual([180, 200]);
    for (const answer of told) {
      expect(answer.header('P-Asserted-Identity')).toContain(`<sip:${subscriber.number}@`);
      expect(answer.text).not.toContain('Sip Tester');
      expect(answer.text).not.toContain(`sip:${subscriber.extension}@`);
    }
  });

  test('without a + on either number is understood all the same', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers');
    const keys = { caller: '12125550123' };
    const carrier = await carrierCalls(world, sipp, subscriber.number.slice(1), 'carrier-calls', { keys });
    await carrier.done;
    expect(received(await phone.done, 'INVITE')[0]?.header('From')).toContain('<sip:+12125550123@');
  });

  test('rings all devices of the extension, and stops ringing where another answered', async ({
    world,
    sipp,
  }) => {
    const subscriber = await world.subscriber();
    const second = { ...subscriber, phone: await world.phone(subscriber.userId) };
    const ringing = await phoneExpects(world, sipp, subscriber, 'rings');
    const answering = await phoneExpects(world, sipp, second, 'answers', { pauseMs: 200 });
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls');
    await Promise.all([carrier.done, answering.done]);
    const [cancel] = received(await ringing.done, 'CANCEL');
    expect(cancel?.header('Reason')).toContain('Call completed elsewhere');
    expect(await world.records(subscriber.extension)).toMatchObject([{ credential: second.phone.user }]);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('to a number that is assigned to nobody is not found', async ({ world, sipp }) => {
    const carrier = await carrierCalls(world, sipp, await world.number(), 'carrier-call-refused');
    const final = finalAnswer(await carrier.done);
    expect({ status: final?.status, cause: q850(final) }).toEqual({ status: 404, cause: 1 });
  });

  test('to a number that is not ours is not found, and is sent nowhere', async ({ world, sipp }) => {
    const carrier = await carrierCalls(world, sipp, '+12125550199', 'carrier-call-refused');
    expect(finalAnswer(await carrier.done)?.status).toBe(404);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('does not reach an extension by its short number', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    await registerPhone(world, sipp, subscriber.extension, subscriber.phone);
    const carrier = await carrierCalls(world, sipp, subscriber.extension, 'carrier-call-refused');
    expect(finalAnswer(await carrier.done)?.status).toBe(404);
  });

  test('to an extension that is not registered is unavailable', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-call-refused');
    const final = finalAnswer(await carrier.done);
    expect({ status: final?.status, cause: q850(final) }).toEqual({ status: 480, cause: 20 });
    expect(await world.records(subscriber.extension)).toMatchObject([
      { direction: 'inbound', reason: 'unavailable', sip_code: 480 },
    ]);
  });

  test.for([{ status: 486 }, { status: 603 }])(
    'that the phone answers $status ends so',
    async ({ status }, { world, sipp }) => {
      const subscriber = await world.subscriber();
      const phone = await phoneExpects(world, sipp, subscriber, 'refuses', { keys: { status } });
      const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-call-refused');
      expect(finalAnswer(await carrier.done)?.status).toBe(status);
      await phone.done;
    },
  );
});

describe('a call from an address that is not the carrier’s', () => {
  test('is asked for credentials and gets no further, whatever it calls itself', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    await registerPhone(world, sipp, subscriber.extension, subscriber.phone);
    for (const caller of ['+12125550123', 'trunk', subscriber.extension, subscriber.phone.user]) {
      const from = { address: world.lab.sip.strangers, port: world.port() };
      const options = { from, keys: { caller } };
      const stranger = await carrierCalls(world, sipp, subscriber.number, 'carrier-call-refused', options);
      expect(answers(await stranger.done)).toEqual([401]);
    }
    expect(await world.channels()).toEqual([]);
    expect(await world.records(subscriber.extension, 0)).toEqual([]);
  });
});
