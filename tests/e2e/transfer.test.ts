import { describe, expect, onTestFinished } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { EventStream } from '../support/event-stream.ts';
import { query } from '../support/lab-database.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

/** Answers with the 1004 Hz tone. */
const TONE = '+12025550101';
const ECHO = '+12025550100';
const BUSY = '+12025550102';
const RINGS = '+12025550103';

async function inCallWith(phone: Phone, number: string): Promise<void> {
  await phone.call(number);
  await phone.says('In call');
}

/** Types the number to transfer to. */
async function startTransfer(phone: Phone, number: string): Promise<void> {
  await phone.button('Transfer').click();
  await phone.field('Number').fill(number);
}

/** Transfers, after asking, the outside number with the tone to the one with the echo. */
async function joinToneWithEcho(phone: Phone): Promise<void> {
  await inCallWith(phone, TONE);
  await startTransfer(phone, ECHO);
  await phone.button('Call').click();
  await phone.hears(FIRST_PITCH);
  await phone.button('Complete transfer').click();
  await phone.says('Call ended: transferred');
}

describe('a transfer without asking', () => {
  test('joins a caller and a colleague, and says so', async ({ signedIn, carrier }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    await carrier.call(ada.person.number, 'tone');
    await ada.phone.answer();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await startTransfer(ada.phone, minji.person.extension);
    await ada.phone.button('Complete transfer').click();
    await ada.phone.says(`Transferring to ${minji.person.extension}…`);
    await carrier.hearsHoldMusic(ada.person.number);
    await minji.phone.answer();
    await ada.phone.says('Call ended: transferred');
    await minji.phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(ada.person.number, SECOND_PITCH);
    await minji.phone.hangUp();
    await carrier.isFreeOf(ada.person.number);
  });

  test('joins a colleague and an outside number; both go on without the one who did it', async ({
    signedIn,
  }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    await minji.phone.call(ada.person.extension);
    await ada.phone.answer();
    await ada.phone.hears(SECOND_PITCH);
    await startTransfer(ada.phone, TONE);
    await ada.phone.button('Complete transfer').click();
    await ada.phone.says('Call ended: transferred');
    await minji.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.page.close();
    await minji.phone.hears(MILLIWATT_HERTZ);
  });

  test('to a number that is busy gives the call back, and says why', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await inCallWith(phone, TONE);
    await startTransfer(phone, BUSY);
    await phone.button('Complete transfer').click();
    await phone.says('Transfer failed: the line is busy');
    await phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(person.number, FIRST_PITCH);
  });

  test('that is cancelled gives the call back', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await inCallWith(phone, TONE);
    await startTransfer(phone, RINGS);
    await phone.button('Complete transfer').click();
    await phone.says(/Transferring to/);
    await phone.button('Cancel transfer').click();
    await phone.hears(MILLIWATT_HERTZ);
  });
});

describe('a transfer after asking', () => {
  test('joins two outside numbers, who then hear each other', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await joinToneWithEcho(phone);
    await phone.button('Call').waitFor();
    // The echo gives back the other one's tone.
    await carrier.hears(person.number, MILLIWATT_HERTZ, TONE);
    await carrier.hears(person.number, MILLIWATT_HERTZ, ECHO);
  });

  test('ends neither call for those who follow the events, until its far ends hang up', async ({
    signedIn,
    carrier,
    operator,
    lab,
  }) => {
    const { phone, person } = await signedIn();
    const stream = await EventStream.open(`${lab.url}/v1/events?only=calls`, lab.apiKey);
    onTestFinished(() => stream.close());
    await inCallWith(phone, TONE);
    await phone.addCall(ECHO);
    await phone.hears(FIRST_PITCH);
    const [first, second] = await operator.callsOf(person);
    await phone.button('Transfer').click();
    await phone.button('Complete transfer').click();
    await phone.says('Call ended: transferred');
    await carrier.hears(person.number, MILLIWATT_HERTZ, ECHO);
    const ofThem = (id: unknown) => id === first?.id || id === second?.id;
    const told = () => stream.events.filter(({ data }) => ofThem(data.id)).map(({ type }) => type);
    expect(told().filter((type) => type === 'call.ended')).toEqual([]);
    await carrier.hangUp(person.number);
    const ended = await Promise.all(
      [first, second].map((call) => stream.next('call.ended', ({ id }) => id === call?.id)),
    );
    for (const { data } of ended) expect(data).toMatchObject({ reason: 'completed' });
    expect(told().toSorted()).toEqual(
      ['call.ringing', 'call.answered', 'call.ended'].flatMap((type) => [type, type]).toSorted(),
    );
  });

  test('can be cancelled while speaking with the target', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await inCallWith(phone, TONE);
    await startTransfer(phone, ECHO);
    await phone.field('Number').press('Enter');
    await phone.hears(FIRST_PITCH);
    await phone.button('Cancel transfer').click();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.button('Hold').waitFor();
  });

  test('of two calls that are up joins the two', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await inCallWith(phone, TONE);
    await phone.addCall(ECHO);
    await phone.hears(FIRST_PITCH);
    await phone.button('Transfer').click();
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.button('Complete transfer').click();
    await phone.says('Call ended: transferred');
    await carrier.hears(person.number, MILLIWATT_HERTZ, ECHO);
  });

  test('to a number that may not be called is refused to the one who transfers', async ({ signedIn }) => {
    const [ada, minji] = await Promise.all([signedIn({ number: false }), signedIn({ browser: 'second' })]);
    await minji.phone.call(ada.person.extension);
    await ada.phone.answer();
    await ada.phone.hears(SECOND_PITCH);
    await startTransfer(ada.phone, TONE);
    await ada.phone.button('Complete transfer').click();
    await ada.phone.says('Transfer failed: you need a number of your own to call outside', 15_000);
    await ada.phone.hears(SECOND_PITCH);
  });
});

describe('what has been transferred outside', () => {
  test('counts for the one who did it until it ends, and is in the operator’s hands', async ({
    signedIn,
    operator,
    carrier,
    lab,
  }) => {
    const { phone, person } = await signedIn();
    await joinToneWithEcho(phone);
    await phone.page.close();
    const open = () =>
      query<{ call_id: string }>(
        lab,
        'SELECT call_id FROM leases WHERE user_id = ? AND ended_at IS NULL AND expires_at > ?',
        [person.id, Date.now()],
      );
    expect(await open()).toHaveLength(2);
    const up = await operator.callsOf(person);
    expect(up).toMatchObject([
      { direction: 'outbound', state: 'answered', number: TONE },
      { direction: 'outbound', state: 'answered', number: ECHO },
    ]);
    await operator.hangUp(up[0]?.id ?? '');
    await carrier.isFreeOf(person.number);
    await until('the end of both leases', async () => (await open()).length === 0 || undefined);
    const records = await query<{ answered_at: number; ended_at: number }>(
      lab,
      'SELECT answered_at, ended_at FROM call_records WHERE user_id = ?',
      [person.id],
    );
    expect(records).toHaveLength(2);
    for (const { answered_at, ended_at } of records) expect(ended_at).toBeGreaterThan(answered_at);
  });

  test('lasts no longer than it was let through for', async ({ signedIn, operator, carrier, lab }) => {
    const { phone, person } = await signedIn();
    await operator.limit(person, { minutesPerDay: 1 });
    const now = Date.now();
    // Of the minute so much is used that few seconds are left.
    await query(
      lab,
      `INSERT INTO leases (call_id, user_id, number, admitted_at, expires_at, reserved_ms, per_minute_micros, ended_at, used_ms)
        VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)`,
      [`used-${person.id}`, person.id, TONE, now, now + 60_000, now, 60_000 - 7_000],
    );
    await carrier.call(person.number, 'tone');
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    await startTransfer(phone, ECHO);
    await phone.button('Complete transfer').click();
    await phone.says('Call ended: transferred');
    await phone.page.close();
    expect(await carrier.callsWith(person.number)).toBeGreaterThan(0);
    await carrier.isFreeOf(person.number);
  });
});

test('a phone that the far end’s side wants to send elsewhere calls nobody', async ({
  hearingTone,
  gateway,
}) => {
  const { phone } = await hearingTone();
  const { name } = await gateway.channelOf(phone);
  // The gateway does so only where this test has it do it.
  for (const part of ['app_transfer', 'res_clioriginate']) await gateway.run(`module load ${part}.so`);
  const elsewhere = `PJSIP/sip:${encodeURIComponent(ECHO)}@handset.test`;
  await gateway.run(`dialplan add extension s,1,Transfer,${elsewhere} into elsewhere`);
  await gateway.run(`channel redirect ${name} elsewhere,s,1`);
  await until('the phone to refuse', () => phone.trace.sent(/^SIP\/2\.0 603 .*^CSeq: \d+ REFER/ms)[0]);
  expect(phone.trace.received(/^REFER /)).toHaveLength(1);
  await phone.says('Call ended');
  const called = phone.trace.sent(/^INVITE /).map(({ text }) => /^INVITE sip:([^@]+)@/.exec(text)?.[1]);
  expect(new Set(called)).toEqual(new Set([TONE]));
});
