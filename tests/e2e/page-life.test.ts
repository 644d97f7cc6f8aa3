import { describe, expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { query } from '../support/lab-database.ts';
import { until } from '../support/until.ts';

const BACK_WITHIN_MS = 3_000;
const RELEASED_WITHIN_MS = 30_000;

interface RecordRow {
  readonly reason: string;
  readonly answered_at: number;
  readonly ended_at: number;
}

describe('a page that is loaded anew in a call', () => {
  test('has the call again within three seconds, and the far end hears music meanwhile', async ({
    hearingTone,
    carrier,
    lab,
  }) => {
    const { phone, person } = await hearingTone();
    const began = Date.now();

    await phone.page.goto('about:blank');
    await carrier.hearsHoldMusic(person.number);
    await phone.page.goto(lab.url);
    const loaded = Date.now();
    await phone.hears(MILLIWATT_HERTZ);
    expect(Date.now() - loaded).toBeLessThanOrEqual(BACK_WITHIN_MS);
    await phone.says('In call');
    await carrier.hears(person.number, FIRST_PITCH);

    await phone.page.reload();
    await phone.hears(MILLIWATT_HERTZ);
    const up = Date.now() - began;
    await phone.hangUp();
    await phone.says('Call ended: you hung up');
    await carrier.isFreeOf(person.number);
    const row = await until('the record of the call', async () => {
      const sql = 'SELECT * FROM call_records WHERE extension = ?';
      const rows = await query<RecordRow>(lab, sql, [person.extension]);
      expect(rows.length).toBeLessThanOrEqual(1);
      return rows[0];
    });
    expect(row.reason).toBe('completed');
    expect(row.ended_at - row.answered_at).toBeGreaterThanOrEqual(up);
  });

  test('has a call that came in, and hold, mute and keys then work', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.button('Mute').click();
    await phone.page.reload();
    await phone.hears(MILLIWATT_HERTZ);
    await phone.button('Unmute').click();
    await carrier.hears(person.number, FIRST_PITCH);
    await phone.button('Hold').click();
    await carrier.hearsHoldMusic(person.number);
    await phone.page.reload();
    await phone.says('On hold');
    await phone.playsNothing();
    await carrier.hearsHoldMusic(person.number);
    await phone.button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
    const pressFour = () => phone.button('4').click();
    expect(await carrier.keysReceived(person.number, 1, pressFour)).toBe('4');
    await carrier.hangUp(person.number);
    await phone.says('Call ended: they hung up');
  });

  test('has a call within the house, whichever side is loaded anew, and each in turn', async ({
    signedIn,
  }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second', number: false })]);
    await ada.phone.call(minji.person.extension);
    await minji.phone.says(/Incoming call/);
    await minji.phone.answer();
    await Promise.all([ada.phone.says('In call'), minji.phone.says('In call')]);
    for (const { phone } of [minji, ada, minji]) {
      await phone.page.reload();
      await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    }
    await ada.phone.hangUp();
    await minji.phone.says('Call ended: they hung up');
  });

  test('rings again for a call that rang', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.page.reload();
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
  });

  test('says so where the call ended meanwhile', async ({ hearingTone, carrier, lab }) => {
    const { phone, person } = await hearingTone();
    await phone.page.goto('about:blank');
    await carrier.hangUp(person.number);
    await carrier.isFreeOf(person.number);
    await phone.page.goto(lab.url);
    await phone.says('Call ended: it ended while this page was away');
  });
});

test('a page that is closed, or crashes, lets go of the far end within thirty seconds; a call on hold stays', async ({
  signedIn,
  carrier,
}) => {
  const [closed, crashed, holding] = await Promise.all([
    signedIn(),
    signedIn(),
    signedIn({ browser: 'second' }),
  ]);
  for (const { phone } of [closed, crashed, holding]) {
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
  }
  await holding.phone.button('Hold').click();
  await holding.phone.says('On hold');
  const left = Date.now();
  await closed.phone.page.close({ runBeforeUnload: true });
  void crashed.phone.page.goto('chrome://crash').catch(() => undefined);
  for (const { person } of [closed, crashed]) {
    await carrier.isFreeOf(person.number, RELEASED_WITHIN_MS);
  }
  expect(Date.now() - left).toBeLessThanOrEqual(RELEASED_WITHIN_MS);
  await carrier.hearsHoldMusic(holding.person.number);
  await holding.phone.button('Resume').click();
  await holding.phone.hears(MILLIWATT_HERTZ);
}, 60_000);
