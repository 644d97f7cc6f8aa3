import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';

const INVITE = /^INVITE /;

describe('the microphone', () => {
  test('is blocked: the call ends in words and never goes out', async ({ signedIn }) => {
    const { phone } = await signedIn({ microphone: 'denied' });
    await phone.call('+1 202 555 0101');
    await phone.says('Call ended: the microphone is blocked');
    expect(phone.trace.sent(INVITE)).toHaveLength(0);
  });

  test('is refused when the browser asks: the call ends in words', async ({ signedIn }) => {
    const { phone } = await signedIn({ microphone: 'asked' });
    await phone.call('+1 202 555 0101');
    await phone.says('Call ended: the microphone is blocked');
    expect(phone.trace.sent(INVITE)).toHaveLength(0);
  });

  test('is missing: the call ends in words', async ({ signedIn }) => {
    const { phone } = await signedIn({ browser: 'without microphone' });
    await phone.call('+1 202 555 0101');
    await phone.says('Call ended: no microphone found');
    expect(phone.trace.sent(INVITE)).toHaveLength(0);
  });

  test('is blocked: an incoming call is not answered without it', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn({ microphone: 'denied' });
    await carrier.call(person.number);
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.says('Call ended: the microphone is blocked');
    expect(phone.trace.sent(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s)).toHaveLength(0);
    await carrier.isFreeOf(person.number);
  });
});
