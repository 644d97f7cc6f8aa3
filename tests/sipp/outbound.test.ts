import { describe, expect } from 'vitest';
import { carrierExpects, phoneCalls, phoneExpects, q850 } from './calls.ts';
import { finalAnswer, received } from './trace.ts';
import { test } from './world.ts';

const NUMBER = '+12125550142';

describe('an outside call', () => {
  test('goes to the carrier with the right request URI, caller and media', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls');
    await phone.done;
    const [invite] = received(await carrier.done, 'INVITE');
    expect(invite?.start).toBe(`INVITE sip:${NUMBER}@${world.carrier.address}:${world.carrier.port} SIP/2.0`);
    expect(invite?.header('To')).toContain(`<sip:${NUMBER}@`);
    // The caller ID is the one that admission gave, whatever name the phone said.
    expect(invite?.header('From')).toMatch(`<sip:${subscriber.number}@handset.local>`);
    expect(invite?.header('P-Asserted-Identity')).toMatch(`<sip:${subscriber.number}@handset.local>`);
    expect(invite?.text).not.toContain('Whoever I like');
    expect(invite?.text).not.toContain(subscriber.phone.user);
    expect(invite?.body).toContain(`c=IN IP4 ${world.gateway.address}`);
    const codecs = /^m=audio \d+ RTP\/AVP (.*)$/m.exec(invite?.body ?? '')?.[1]?.split(' ');
    expect(codecs).toEqual(expect.arrayContaining(['9', '0', '8']));
    expect(invite?.body).toMatch(/^a=rtpmap:\d+ telephone-event\/8000$/m);
    expect(invite?.body).not.toContain('m=video');
  });

  test('is typed as people type it', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, subscriber, '(212)%20555-0142', 'phone-calls');
    await phone.done;
    expect(received(await carrier.done, 'INVITE')[0]?.start).toContain(`sip:${NUMBER}@`);
  });

  test('leaves a record with its times, number and device', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const started = Date.now();
    const carrier = await carrierExpects(world, sipp, 'answers', { pauseMs: 200 });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls', { pauseMs: 1_000 });
    await Promise.all([phone.done, carrier.done]);
    const [record] = await world.records(subscriber.extension);
    expect(record).toMatchObject({
      direction: 'outbound',
      number: NUMBER,
      own_number: subscriber.number,
      credential: subscriber.phone.user,
      trunk: 'trunk',
      reason: 'completed',
      sip_code: 200,
    });
    const { started_at = 0, answered_at = 0, ended_at = 0 } = record ?? {};
    expect(started_at).toBeGreaterThanOrEqual(started);
    expect((answered_at ?? 0) - started_at).toBeGreaterThanOrEqual(200);
    expect(ended_at - (answered_at ?? 0)).toBeGreaterThanOrEqual(950);
    expect(ended_at).toBeLessThanOrEqual(Date.now());
  });

  test.for([
    { carrier: 486, phone: 486, cause: 17, reason: 'busy' },
    { carrier: 600, phone: 600, cause: 17, reason: 'busy' },
    { carrier: 603, phone: 603, cause: 21, reason: 'declined' },
    { carrier: 404, phone: 404, cause: 1, reason: 'number-not-found' },
    { carrier: 484, phone: 484, cause: 28, reason: 'number-invalid' },
    { carrier: 480, phone: 480, cause: 19, reason: 'no-answer' },
    { carrier: 403, phone: 403, cause: 31, reason: 'rejected' },
    { carrier: 488, phone: 488, cause: 31, reason: 'rejected' },
    // The carrier's own failures are none of the called party's answers.
    { carrier: 503, phone: 503, cause: 38, reason: 'trunk-failed' },
    { carrier: 500, phone: 503, cause: 38, reason: 'trunk-failed' },
    { carrier: 407, phone: 503, cause: 38, reason: 'trunk-failed' },
    { carrier: 302, phone: 503, cause: 38, reason: 'trunk-failed' },
  ])(
    'that the carrier answers $carrier ends with $phone and cause $cause: $reason',
    async (expected, { world, sipp }) => {
      const subscriber = await world.subscriber();
      const carrier = await carrierExpects(world, sipp, 'refuses', { keys: { status: expected.carrier } });
      const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-call-refused');
      const final = finalAnswer(await phone.done);
      await carrier.done;
      expect({ phone: final?.status, cause: q850(final) }).toEqual({
        phone: expected.phone,
        cause: expected.cause,
      });
      expect(await world.records(subscriber.extension)).toMatchObject([
        { reason: expected.reason, sip_code: expected.phone },
      ]);
      expect(await world.channelsLeft()).toEqual([]);
    },
  );

  test('that nobody answers rings until the caller gives up', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'rings');
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-cancels');
    await Promise.all([phone.done, carrier.done]);
    expect(await world.records(subscriber.extension)).toMatchObject([{ reason: 'cancelled', sip_code: 487 }]);
    expect(await world.channelsLeft()).toEqual([]);
  });

  test('to no possible number is refused, with a spoken reason before', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const phone = await phoneCalls(world, sipp, subscriber, '*99', 'phone-call-refused');
    const messages = await phone.done;
    expect(finalAnswer(messages)?.status).toBe(484);
    expect(messages.find(({ status }) => status === 183)?.body).toContain('m=audio');
  });

  test('of a user without a number is refused', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    await fetch(`${world.lab.api}/v1/numbers/${encodeURIComponent(subscriber.number)}/assignment`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${world.lab.apiKey}` },
    });
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    expect({ status: final?.status, cause: q850(final) }).toEqual({ status: 403, cause: 50 });
    expect(await world.records(subscriber.extension)).toMatchObject([{ reason: 'no-caller-id' }]);
  });

  test('to an own number stays inside', async ({ world, sipp }) => {
    const [caller, called] = await Promise.all([world.subscriber(), world.subscriber()]);
    const answering = await phoneExpects(world, sipp, called, 'answers');
    const phone = await phoneCalls(world, sipp, caller, called.number, 'phone-calls');
    await phone.done;
    expect(received(await answering.done, 'INVITE')[0]?.header('From')).toContain(
      `<sip:${caller.extension}@`,
    );
  });
});

describe('an emergency call', () => {
  test('needs no number of one’s own and goes out as dialled', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, subscriber, '112', 'phone-calls');
    await phone.done;
    const [invite] = received(await carrier.done, 'INVITE');
    expect(invite?.start).toContain('INVITE sip:112@');
    expect(invite?.header('From')).toContain(`<sip:${subscriber.number}@`);
  });
});

describe('every emergency number', () => {
  test('that the server has is in the gateway’s dialplan, which asks nobody', async ({ world }) => {
    const dialplan = await world.console('dialplan show emergency');
    const limits = await world.api<{ emergencyNumbers: string[] }>('GET', '/v1/calling-limits');
    expect(limits.emergencyNumbers.length).toBeGreaterThan(5);
    for (const number of limits.emergencyNumbers) {
      expect(dialplan).toMatch(new RegExp(`'${number}' =>\\s+1\\. Goto\\(emergency,call,1\\)`));
    }
  });
});

describe('a call to an extension', () => {
  test('reaches its phone, and shows the extension that calls', async ({ world, sipp }) => {
    const [caller, called] = await Promise.all([world.subscriber(), world.subscriber()]);
    const answering = await phoneExpects(world, sipp, called, 'answers');
    const phone = await phoneCalls(world, sipp, caller, called.extension, 'phone-calls');
    await phone.done;
    expect(received(await answering.done, 'INVITE')[0]?.header('From')).toMatch(
      new RegExp(`"Sip Tester" <sip:${caller.extension}@handset.local>`),
    );
    expect(await world.records(caller.extension)).toMatchObject([
      { direction: 'internal', number: called.extension, reason: 'completed' },
    ]);
  });

  test.for([
    { phone: 486, status: 486, cause: 17 },
    { phone: 603, status: 603, cause: 21 },
    { phone: 480, status: 480, cause: 19 },
  ])('that its phone answers $phone ends so', async (expected, { world, sipp }) => {
    const [caller, called] = await Promise.all([world.subscriber(), world.subscriber()]);
    const refusing = await phoneExpects(world, sipp, called, 'refuses', { keys: { status: expected.phone } });
    const phone = await phoneCalls(world, sipp, caller, called.extension, 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    await refusing.done;
    expect({ status: final?.status, cause: q850(final) }).toEqual({
      status: expected.status,
      cause: expected.cause,
    });
  });

  test('that is not registered is unavailable', async ({ world, sipp }) => {
    const [caller, called] = await Promise.all([world.subscriber(), world.subscriber()]);
    const phone = await phoneCalls(world, sipp, caller, called.extension, 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    expect({ status: final?.status, cause: q850(final) }).toEqual({ status: 480, cause: 20 });
  });
});
