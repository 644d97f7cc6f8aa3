import { describe, expect } from 'vitest';
import { MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import type { LabUnderTest } from '../support/lab.global.ts';
import type { Phone } from '../support/phone.ts';
import type { TracedMessage } from '../support/sip-trace.ts';
import { until } from '../support/until.ts';

/** The gateway knows loss and round trip from its first report on, which comes after two seconds. */
const A_WHILE_MS = 3_000;

interface Quality {
  readonly codec: string;
  readonly packetsReceived: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  readonly mos: number;
}

interface CallRecord {
  readonly direction: string;
  readonly codec: string | null;
  readonly quality: Readonly<Record<'phone' | 'gateway' | 'other' | 'otherPhone', Quality | null>>;
}

/** The one record of a user, once it has all that `complete` asks for. */
function recordOf(
  { url, apiKey }: LabUnderTest,
  userId: string,
  complete: (record: CallRecord) => boolean,
): Promise<CallRecord> {
  return until('the call’s record', async () => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${url}/v1/call-records?userId=${userId}`, { headers });
    const { callRecords } = (await response.json()) as { callRecords: CallRecord[] };
    const [record] = callRecords;
    return record !== undefined && complete(record) ? record : undefined;
  });
}

const fromTheGateway = ({ quality }: CallRecord) => quality.gateway !== null && quality.other !== null;

/** Good sound, as it is on one machine. */
function expectGood(quality: Quality | null): void {
  expect(quality?.packetsReceived).toBeGreaterThan(100);
  expect(quality?.jitterMs).toBeGreaterThanOrEqual(0);
  expect(quality?.mos).toBeGreaterThan(3);
}

/** The codec that an SDP answer prefers, and so what is sent (RFC 3264 section 6.1). */
function firstCodec(answer: TracedMessage | undefined): string | undefined {
  const type = /^m=audio \d+ \S+ (\d+)/m.exec(answer?.text ?? '')?.[1];
  return new RegExp(`^a=rtpmap:${type} ([^/]+)/`, 'm').exec(answer?.text ?? '')?.[1];
}

/** Reports in the phone's name, as its page would. @returns the status of the answer */
function report(phone: Phone, [invite]: readonly TracedMessage[]): Promise<number> {
  const sipCallId = /^Call-ID: (\S+)/im.exec(invite?.text ?? '')?.[1] ?? '';
  return phone.page.evaluate(async (callId) => {
    const response = await fetch(`/v1/phone/calls/${callId}/quality`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ packetsReceived: 10, packetsLost: 0, jitterMs: 1, mos: 3.21 }),
    });
    return response.status;
  }, sipCallId);
}

describe('the record of a call', () => {
  test('has its codec and quality from both ends', async ({ hearingTone, carrier, lab }) => {
    const { phone, person } = await hearingTone();
    await phone.page.waitForTimeout(A_WHILE_MS);
    await phone.hangUp();
    await carrier.isFreeOf(person.number);
    expect(await report(phone, phone.trace.sent(/^INVITE /))).toBe(204);
    const { codec, quality } = await recordOf(lab, person.id, fromTheGateway);
    expect([codec, quality.gateway?.codec, quality.other?.codec]).toEqual(['G722', 'G722', 'G722']);
    expectGood(quality.gateway);
    expectGood(quality.other);
    expect(quality.gateway?.roundTripMs).toBeGreaterThan(0);
    expect(quality.phone).toMatchObject({ packetsReceived: 10, mos: 3.21 });
  });

  test('has both ends of an incoming call, of whichever device answered', async ({
    signedIn,
    alsoSignedIn,
    carrier,
    lab,
  }) => {
    const { phone, person } = await signedIn();
    const second = await alsoSignedIn(person);
    await carrier.call(person.number, 'tone');
    await Promise.all([phone.says(/Incoming call/), second.says(/Incoming call/)]);
    await second.answer();
    await second.hears(MILLIWATT_HERTZ);
    await second.page.waitForTimeout(A_WHILE_MS);
    await carrier.hangUp(person.number);
    await second.says('Call ended: they hung up');
    expect(await report(second, second.trace.received(/^INVITE /))).toBe(204);
    const { direction, codec, quality } = await recordOf(lab, person.id, fromTheGateway);
    const [answer] = second.trace.sent(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s);
    expect([direction, codec]).toEqual(['inbound', firstCodec(answer)]);
    expectGood(quality.gateway);
    expectGood(quality.other);
    expect(quality.phone).toMatchObject({ mos: 3.21 });
  });
});
