import { describe, expect } from 'vitest';
import { carrierExpects, phoneCalls, q850 } from './calls.ts';
import { finalAnswer, received } from './trace.ts';
import { attemptsOf, test } from './trunks.ts';

const NUMBER = '+12125550142';
const FEW_SECONDS_MS = 5_000;

describe('a call whose first trunk fails', () => {
  test.for([{ status: 408 }, { status: 500 }, { status: 503 }])(
    'with $status goes to the next, and the record tells both',
    async ({ status }, { world, sipp, trunk }) => {
      const first = await trunk();
      const subscriber = await world.subscriber();
      const failing = await sipp({ name: 'refuses', at: first.at, keys: { status } });
      const second = await carrierExpects(world, sipp, 'answers');
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
      await Promise.all([phone.done, failing.done, second.done]);
      expect(await attemptsOf(world, subscriber.extension)).toBe(`${first.id} ${status}/trunk completed`);
      expect(await world.records(subscriber.extension)).toMatchObject([
        { trunk: 'trunk', reason: 'completed' },
      ]);
    },
  );

  test('by saying nothing goes to the next within a few seconds', async ({ world, sipp, trunk }) => {
    const first = await trunk();
    const subscriber = await world.subscriber();
    const second = await carrierExpects(world, sipp, 'answers');
    const started = Date.now();
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    const ringing = await phone.message(({ status }) => status === 180);
    expect(ringing.at - started).toBeLessThan(FEW_SECONDS_MS);
    await Promise.all([phone.done, second.done]);
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${first.id} no-reply/trunk completed`);
  });

  test('is tried on each of its hosts before', async ({ world, sipp, trunk }) => {
    const [one, other] = [world.port(), world.port()];
    const { address } = world.carrier;
    const hosts = [
      { host: address, port: one },
      { host: address, port: other },
    ];
    const both = await trunk({ hosts });
    const subscriber = await world.subscriber();
    const failing = await sipp({ name: 'refuses', at: { address, port: one }, keys: { status: 503 } });
    const answering = await sipp({ name: 'answers', at: { address, port: other } });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await Promise.all([phone.done, failing.done, answering.done]);
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${both.id} 503/${both.id} completed`);
  });

  test('and the next, too, ends with 503 and says that no trunk took it', async ({ world, sipp, trunk }) => {
    const first = await trunk();
    const subscriber = await world.subscriber();
    const runs = [
      await sipp({ name: 'refuses', at: first.at, keys: { status: 503 } }),
      await carrierExpects(world, sipp, 'refuses', { keys: { status: 500 } }),
    ];
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    await Promise.all(runs.map(({ done }) => done));
    expect([final?.status, q850(final)]).toEqual([503, 38]);
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${first.id} 503/trunk 500`);
  });
});

describe('what the called person says', () => {
  test.for([{ status: 486 }, { status: 603 }, { status: 404 }])(
    '($status) holds: no other trunk is tried',
    async ({ status }, { world, sipp, trunk }) => {
      const first = await trunk();
      const subscriber = await world.subscriber();
      const refusing = await sipp({ name: 'refuses', at: first.at, keys: { status } });
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-call-refused');
      expect(finalAnswer(await phone.done)?.status).toBe(status);
      await refusing.done;
      expect(await attemptsOf(world, subscriber.extension)).toBe(`${first.id} ${status}`);
    },
  );

  test('is waited for: a trunk that rings is not given up', async ({ world, sipp, trunk }) => {
    const first = await trunk();
    const subscriber = await world.subscriber();
    const answering = await sipp({ name: 'answers', at: first.at, pauseMs: 2_500 });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await Promise.all([phone.done, answering.done]);
    expect(await attemptsOf(world, subscriber.extension)).toBe(`${first.id} completed`);
  });
});

describe('a trunk’s limit', () => {
  test('of channels sends the next call to the next trunk, until one ends', async ({
    world,
    sipp,
    trunk,
  }) => {
    const first = await trunk({ channelLimit: 1 });
    const [ada, grace] = [await world.subscriber(), await world.subscriber()];
    const busy = await sipp({ name: 'answers', at: first.at });
    const long = await phoneCalls(world, sipp, ada, NUMBER, 'phone-calls', { pauseMs: 6_000 });
    await long.message(({ method, status }) => method === 'INVITE' && status === 200);
    const second = await carrierExpects(world, sipp, 'answers');
    const short = await phoneCalls(world, sipp, grace, NUMBER, 'phone-calls');
    await Promise.all([short.done, second.done]);
    expect(await attemptsOf(world, grace.extension)).toBe('trunk completed');
    await Promise.all([long.done, busy.done]);
    expect(await attemptsOf(world, ada.extension)).toBe(`${first.id} completed`);
    const free = await sipp({ name: 'answers', at: first.at });
    const again = await phoneCalls(world, sipp, grace, NUMBER, 'phone-calls');
    await Promise.all([again.done, free.done]);
    expect(await world.records(grace.extension, 2)).toMatchObject([
      { attempts: 'trunk completed' },
      { attempts: `${first.id} completed` },
    ]);
  });

  test('of calls a second sends what is too fast to the next trunk', async ({ world, sipp, trunk }) => {
    const first = await trunk({ callsPerSecond: 1 });
    const callers = [await world.subscriber(), await world.subscriber()];
    const one = await sipp({ name: 'answers', at: first.at });
    const other = await carrierExpects(world, sipp, 'answers');
    const phones = await Promise.all(
      callers.map((caller) => phoneCalls(world, sipp, caller, NUMBER, 'phone-calls')),
    );
    await Promise.all([...phones, one, other].map(({ done }) => done));
    const attempts = await Promise.all(callers.map(({ extension }) => attemptsOf(world, extension)));
    expect(attempts.toSorted()).toEqual([`${first.id} completed`, 'trunk completed'].toSorted());
  });

  test('holds for calls that come from another trunk, too', async ({ world, sipp, trunk }) => {
    const silent = await trunk({ priority: 1, prefixes: ['+1212'], progressSeconds: 3 });
    const limited = await trunk({ priority: 2, channelLimit: 1 });
    const [ada, grace] = [await world.subscriber(), await world.subscriber()];
    // Decided while the limited trunk is free, and on its way on the silent one.
    const waiting = await phoneCalls(world, sipp, grace, NUMBER, 'phone-calls');
    await waiting.message(({ status }) => status === 100);
    const busy = await sipp({ name: 'answers', at: limited.at });
    const long = await phoneCalls(world, sipp, ada, '+16465550142', 'phone-calls', { pauseMs: 5_000 });
    const last = await carrierExpects(world, sipp, 'answers');
    await Promise.all([waiting, last, busy, long].map(({ done }) => done));
    expect(await attemptsOf(world, ada.extension)).toBe(`${limited.id} completed`);
    expect(await attemptsOf(world, grace.extension)).toBe(
      `${silent.id} no-reply/${limited.id} full/trunk completed`,
    );
  });

  test('that is reached on all ends the call with the words for busy lines', async ({
    world,
    sipp,
    trunk,
  }) => {
    const only = await trunk({ channelLimit: 1, prefixes: ['+1212'] });
    await world.api('PATCH', '/v1/trunks/trunk', { enabled: false });
    try {
      const [ada, grace] = [await world.subscriber(), await world.subscriber()];
      const busy = await sipp({ name: 'answers', at: only.at });
      const long = await phoneCalls(world, sipp, ada, NUMBER, 'phone-calls', { pauseMs: 4_000 });
      await long.message(({ method, status }) => method === 'INVITE' && status === 200);
      const phone = await phoneCalls(world, sipp, grace, NUMBER, 'phone-call-refused');
      const final = finalAnswer(await phone.done);
      expect([final?.status, q850(final)]).toEqual([503, 34]);
      await Promise.all([long.done, busy.done]);
    } finally {
      await world.api('PATCH', '/v1/trunks/trunk', { enabled: true });
    }
  });
});

describe('a trunk that is changed while a call is up', () => {
  test('leaves the call alone, and so does one that is deleted', async ({ world, sipp, trunk }) => {
    const first = await trunk();
    const subscriber = await world.subscriber();
    const carrier = await sipp({ name: 'answers', at: first.at });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls', { pauseMs: 5_000 });
    await phone.message(({ method, status }) => method === 'INVITE' && status === 200);
    await first.change({ codecs: ['pcma'], callerIdHeader: 'from', hosts: [{ host: '192.0.2.1' }] });
    await first.remove();
    expect(await world.channels()).toHaveLength(2);
    const messages = await phone.done;
    // The phone hung up at its own time, and the carrier heard it.
    expect(received(messages, 'BYE')).toEqual([]);
    expect(received(await carrier.done, 'BYE')).toHaveLength(1);
    expect(await world.records(subscriber.extension)).toMatchObject([
      { reason: 'completed', trunk: first.id },
    ]);
  });
});
