import { describe, expect } from 'vitest';
import { carrierCalls, carrierExpects, phoneCalls, phoneExpects } from './calls.ts';
import { answers, received } from './trace.ts';
import { test } from './world.ts';

const NUMBER = '+12125550142';

describe('a hangup', () => {
  test('of the caller ends an outside call at once', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await phone.done;
    expect(received(await carrier.done, 'BYE')).toHaveLength(1);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('of the called side ends an outside call at once', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers-and-hangs-up');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls-and-is-hung-up-on');
    await carrier.done;
    expect(received(await phone.done, 'BYE')).toHaveLength(1);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('of the carrier ends an incoming call at once', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers');
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls');
    await carrier.done;
    expect(received(await phone.done, 'BYE')).toHaveLength(1);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('of the phone ends an incoming call at once', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers-and-hangs-up');
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls-and-is-hung-up-on');
    await phone.done;
    expect(received(await carrier.done, 'BYE')).toHaveLength(1);
    expect(await world.channelsLeft()).toEqual([]);
  });
});

describe('a REFER without Replaces', () => {
  test.for(['+12125550143', '1002', '911', 's'])(
    'to %s is refused, calls nobody, and the call goes on',
    async (target, { world, sipp }) => {
      const subscriber = await world.subscriber();
      const carrier = await carrierExpects(world, sipp, 'answers');
      const options = { keys: { refer_to: target } };
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-refers', options);
      const outcomes = received(await phone.done, 'NOTIFY').map(({ body }) => body.trim());
      expect(outcomes).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 404 Not Found']);
      const messages = await carrier.done;
      expect(received(messages, 'INVITE')).toHaveLength(1);
      expect(received(messages, 'BYE')).toHaveLength(1);
      expect(await world.records(subscriber.extension)).toHaveLength(1);
    },
  );
});

describe('a re-INVITE', () => {
  test('puts a call on hold and takes it back, and the call goes on', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers-with-holds');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-holds', { pauseMs: 300 });
    const messages = await phone.done;
    await carrier.done;
    const directions = messages
      .filter(
        ({ direction, status, method }) => direction === 'received' && method === 'INVITE' && status === 200,
      )
      .map(({ body }) => /^a=(sendrecv|sendonly|recvonly|inactive)$/m.exec(body)?.[1]);
    expect(directions).toEqual(['sendrecv', 'recvonly', 'sendrecv']);
    expect(await world.channelsLeft()).toEqual([]);
  });
});

describe('a caller who gives up', () => {
  test('while it rings stops the ringing of an outside call', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'rings');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-cancels');
    expect(answers(await phone.done).at(-1)).toBe(487);
    expect(received(await carrier.done, 'CANCEL')).toHaveLength(1);
    expect(await world.channelsLeft()).toEqual([]);
  });

  // The carrier answers 100 ms after it rings; the phone gives up just before, with, and just after it.
  test.for([85, 95, 98, 99, 100, 101, 102, 105, 115].map((patience) => ({ patience })))(
    '$patience ms after the ringing, about when the called side answers, leaves nothing behind',
    async ({ patience }, { world, sipp }) => {
      const subscriber = await world.subscriber();
      const carrier = await carrierExpects(world, sipp, 'answers-or-is-cancelled', { patient: true });
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-cancels-at-the-answer', {
        pauseMs: patience,
        patient: true,
      });
      const [messages] = await Promise.all([phone.done, carrier.done]);
      const finals = new Set(answers(messages).filter((status) => status >= 200 && status !== 401));
      expect([[200], [487]]).toContainEqual([...finals]);
      expect(await world.channelsLeft()).toEqual([]);
      const records = await world.records(subscriber.extension);
      expect(records).toHaveLength(1);
      // The called side may have answered just before the CANCEL reached it: then its carrier charges the call.
      const reasons = finals.has(200) ? ['completed'] : ['cancelled', 'completed'];
      expect(reasons).toContain(records[0]?.reason);
    },
  );
});
