import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';

describe.concurrent('the test numbers', () => {
  test('a busy line', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0102');
    await phone.says('Call ended: the line is busy');
    expect(phone.trace.received(/^SIP\/2\.0 486 /)).toHaveLength(1);
  });

  test('nobody answers: it rings until the caller gives up', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0103');
    await phone.says('Ringing');
    await phone.hangUp();
    await phone.says('Call ended: cancelled');
    await carrier.isFreeOf(person.number);
  });

  test('an announcement is heard before the call is refused', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0104');
    await phone.hearsSpeech();
    expect(phone.trace.received(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s)).toHaveLength(0);
    await phone.says('Call ended: this number is not in service', 20_000);
    expect(phone.trace.received(/^SIP\/2\.0 404 /)).toHaveLength(1);
  });

  test('the far end hangs up after three seconds', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0106');
    await phone.says('In call');
    await phone.says('Call ended: they hung up');
    const [answer] = phone.trace.received(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s);
    const [bye] = phone.trace.received(/^BYE /);
    expect((bye?.at ?? 0) - (answer?.at ?? 0)).toBeGreaterThan(2_800);
    expect((bye?.at ?? 0) - (answer?.at ?? 0)).toBeLessThan(3_700);
  });

  test('a declined call, and the call back', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0107');
    await phone.says('Call ended: they declined the call');
    await phone.says('Incoming call from (202) 555-0107');
    await phone.answer();
    await phone.says('In call');
    await phone.hearsSpeech();
  });

  test('a failing trunk', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0108');
    await phone.says('Call ended: the telephone network could not connect it');
  });

  test('any other number rings, answers and speaks', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+44 20 7946 0018');
    await phone.says('Ringing');
    await phone.says('In call');
    await phone.hearsSpeech();
  });

  test('a number may be typed in national form', async ({ signedIn, carrier }) => {
    const { phone } = await signedIn();
    await phone.call('(202) 555-0102');
    await phone.says('Call ended: the line is busy');
    await carrier.isFreeOf('+12025550102');
  });

  test('a number that is none is refused in words', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555');
    await phone.says('Call ended: this is not a complete number');
  });

  test('an extension that nobody has', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('9998');
    await phone.says('Call ended: this number is not in service');
  });

  test('without an own number there are no calls outside', async ({ signedIn }) => {
    const { phone } = await signedIn({ number: false });
    await phone.call('+1 202 555 0101');
    await phone.says('Call ended: you need a number of your own to call outside');
  });
});
