import { describe, expect } from 'vitest';
import { allHearEachOther, both, ECHO, merged, QUIET, TONE } from '../support/conference.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { query } from '../support/lab-database.ts';
import { until } from '../support/until.ts';

describe('in a conference', () => {
  test('hold keeps the person out, while the others go on', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.button('Hold').click();
    await ada.phone.says('Conference: On hold');
    await ada.phone.playsNothing();
    await minji.phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(ada.person.number, SECOND_PITCH, TONE.dialled);
    await ada.phone.button('Resume').click();
    await allHearEachOther(ada, minji, carrier);
  });

  test('mute stays when a member is dropped', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.button('Mute').click();
    await carrier.hears(ada.person.number, SECOND_PITCH, TONE.dialled);
    await ada.phone.group(minji.person.extension).button('Drop').click();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.button('Unmute').click();
    await carrier.hears(ada.person.number, FIRST_PITCH, TONE.dialled);
  });

  test('keys reach every outside number', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    await phone.addCall(ECHO);
    await phone.hears(FIRST_PITCH);
    await phone.button('Merge').click();
    await phone.button('Leave').waitFor();
    for (const dialled of [TONE.dialled, ECHO]) {
      const press = () => phone.button('7').click();
      expect(await carrier.keysReceived(person.number, 1, press, dialled)).toBe('7');
    }
  });

  test('a page that is loaded anew is in it again', async ({ signedIn, carrier }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    await ada.phone.page.reload();
    await ada.phone.button('Leave').waitFor();
    await allHearEachOther(ada, minji, carrier);
    await ada.phone.group(minji.person.extension).button('Drop').click();
    await minji.phone.says('Call ended: they hung up');
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.hangUp();
    await carrier.isFreeOf(ada.person.number);
  });

  test('no call lasts longer than it was let through for', async ({ signedIn, carrier, operator, lab }) => {
    const [ada, minji] = await both(signedIn);
    await minji.phone.call(ada.person.extension);
    await ada.phone.answer();
    await ada.phone.hears(SECOND_PITCH);
    await operator.limit(ada.person, { minutesPerDay: 1 });
    const now = Date.now();
    // Of the minute so much is used that few seconds are left.
    await query(
      lab,
      `INSERT INTO leases (call_id, user_id, number, admitted_at, expires_at, reserved_ms, per_minute_micros, ended_at, used_ms)
        VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)`,
      [`used-${ada.person.id}`, ada.person.id, TONE.dialled, now, now + 60_000, now, 60_000 - 9_000],
    );
    await ada.phone.addCall(TONE.dialled);
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.button('Merge').click();
    await ada.phone.button('Leave').waitFor();
    await ada.phone.says(`${TONE.shown}: Call ended: they hung up`);
    await carrier.isFreeOf(ada.person.number);
    await ada.phone.hears(SECOND_PITCH);
  });

  test('a device that is revoked takes its far ends along', async ({ signedIn, carrier, operator }) => {
    const [ada, minji] = await both(signedIn);
    await merged(ada, minji);
    const [device] = await operator.devicesOf(ada.person);
    await operator.revoke(ada.person, { id: device?.id ?? '' });
    await minji.phone.says('Call ended: they hung up');
    await carrier.isFreeOf(ada.person.number);
  });

  test('each call has its record and gives its lease back', async ({ signedIn, carrier, lab, operator }) => {
    const { phone, person } = await signedIn();
    await phone.call(TONE.dialled);
    await phone.hears(MILLIWATT_HERTZ);
    const mergedAfter = Date.now();
    await phone.addCall(QUIET.dialled);
    await phone.says(`${QUIET.shown}: In call`);
    await phone.button('Merge').click();
    await carrier.hearsMixOf(person.number, [MILLIWATT_HERTZ, FIRST_PITCH], QUIET.dialled);
    const up = await operator.callsOf(person);
    expect(up).toMatchObject([{ state: 'answered' }, { state: 'answered' }]);
    await operator.hangUp(up[0]?.id ?? '');
    await phone.says(/they hung up/);
    await phone.hangUp();
    await carrier.isFreeOf(person.number);
    const records = await until('both records', async () => {
      const written = await query<{ number: string; answered_at: number; ended_at: number }>(
        lab,
        'SELECT number, answered_at, ended_at FROM call_records WHERE user_id = ? ORDER BY started_at',
        [person.id],
      );
      return written.length === 2 && written.every((record) => record.ended_at > 0) ? written : undefined;
    });
    expect(records.map(({ number }) => number)).toEqual([TONE.dialled, QUIET.dialled]);
    expect(records[0]?.answered_at).toBeLessThan(mergedAfter);
    for (const { answered_at, ended_at } of records) expect(ended_at).toBeGreaterThan(answered_at);
    const open = await query(lab, 'SELECT call_id FROM leases WHERE user_id = ? AND ended_at IS NULL', [
      person.id,
    ]);
    expect(open).toEqual([]);
  });
});
