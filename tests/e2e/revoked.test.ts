import { describe, expect } from 'vitest';
import type { AsteriskConsole } from '../support/asterisk.ts';
import { MILLIWATT_HERTZ, test } from '../support/e2e.ts';
import { query } from '../support/lab-database.ts';
import type { Person } from '../support/operator.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

const WITHIN_MS = 2_000;
const SIGNED_OUT = 'You were signed out. Please sign in again.';

/** Makes sure that the phone says so, and asks to sign in, within two seconds of `end`. */
async function expectToldOf(phone: Phone, end: () => Promise<void>): Promise<void> {
  await end();
  const ended = performance.now();
  await phone.page.getByText(SIGNED_OUT).waitFor({ timeout: WITHIN_MS });
  await phone.button('Sign in').waitFor({ timeout: WITHIN_MS - (performance.now() - ended) });
}

/** Ends the session that a phone's browser has, from another place. */
async function endSession({ context }: Phone, url: string): Promise<void> {
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`);
  const response = await fetch(`${url}/v1/sessions/current`, {
    method: 'DELETE',
    headers: { cookie: cookies.join('; ') },
  });
  expect(response.status).toBe(204);
}

function contactGoes(gateway: AsteriskConsole, { extension }: Person): Promise<true> {
  return until(
    'the contact to go',
    async () => !(await gateway.run('pjsip show contacts')).includes(`${extension}/`) || undefined,
  );
}

describe('a phone at rest says within two seconds that it was signed out, and asks to sign in', () => {
  test('when its device is revoked; another device of the person goes on', async ({
    signedIn,
    alsoSignedIn,
    operator,
    carrier,
  }) => {
    const { phone, person } = await signedIn();
    const [device] = await operator.devicesOf(person);
    const other = await alsoSignedIn(person);
    if (device === undefined) throw new Error('nobody is signed in');
    await expectToldOf(phone, () => operator.revoke(person, device));
    expect(other.trace.received(/^NOTIFY /)).toHaveLength(0);
    await other.says('Ready');
    await carrier.call(person.number, 'tone');
    await other.says(/Incoming call/);
    await other.answer();
    await other.hears(MILLIWATT_HERTZ);
  });

  test('when the person is disabled, and can’t come back', async ({ signedIn, operator, gateway }) => {
    const { phone, person } = await signedIn();
    await expectToldOf(phone, () => operator.disable(person));
    await contactGoes(gateway, person);
    await phone.signIn(person);
    await phone.page.getByText('Login or password is wrong.').waitFor();
  });

  test('when the person is deleted', async ({ signedIn, operator, gateway }) => {
    const { phone, person } = await signedIn();
    await expectToldOf(phone, () => operator.remove(person));
    await contactGoes(gateway, person);
  });

  test('in each of its tabs', async ({ signedIn, operator }) => {
    const { phone, person } = await signedIn();
    const tab = await phone.openTab();
    await tab.says('Ready');
    await expectToldOf(phone, () => operator.disable(person));
    await tab.page.getByText(SIGNED_OUT).waitFor();
  });

  test('when it was without a connection at that moment, as soon as it has one', async ({
    signedIn,
    operator,
    relay,
  }) => {
    const { phone, person } = await signedIn({ proxy: relay.proxy });
    relay.cut();
    await phone.says('No connection. Reconnecting…');
    await operator.disable(person);
    await expectToldOf(phone, async () => relay.restore());
  });
});

test('a device that is told to look, and was not revoked, is registered anew, and its call goes on', async ({
  signedIn,
  gateway,
}) => {
  const { phone, person } = await signedIn();
  await phone.call('+1 202 555 0101');
  await phone.hears(MILLIWATT_HERTZ);
  const contacts = await gateway.run('database show registrar/contact');
  const [, uri] = new RegExp(`/${person.extension};.*"uri":"([^"]+)"`).exec(contacts) ?? [];
  const registered = () => phone.trace.received(/^SIP\/2\.0 200 .*CSeq: \d+ REGISTER/s).length;
  const before = registered();
  await gateway.run(`pjsip send notify check-sync uri "${uri}"`);
  await until('the phone to register', () => registered() > before || undefined);
  await phone.says('Ready');
  await phone.says('In call');
  await phone.hears(MILLIWATT_HERTZ);
});

describe('a revoked device', () => {
  test('loses its call and its contact within two seconds', async ({ signedIn, lab, gateway, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const asked = performance.now();
    await endSession(phone, lab.url);
    await phone.button('Hang up').waitFor({ state: 'detached', timeout: WITHIN_MS });
    await carrier.isFreeOf(person.number);
    await contactGoes(gateway, person);
    expect(performance.now() - asked).toBeLessThan(WITHIN_MS);
  });

  test('that could not be told calls nobody, and says that it was signed out', async ({ signedIn, lab }) => {
    const { phone, person } = await signedIn();
    const ofPerson = 'device_id IN (SELECT id FROM devices WHERE user_id = ?)';
    await query(lab, 'UPDATE devices SET revoked_at = 1 WHERE user_id = ?', [person.id]);
    await query(lab, `DELETE FROM credentials WHERE ${ofPerson}`, [person.id]);
    await phone.call('+1 202 555 0101');
    await phone.page.getByText(SIGNED_OUT).waitFor();
    await phone.button('Sign in').waitFor();
    expect(phone.trace.received(/^NOTIFY /)).toHaveLength(0);
    expect(phone.trace.received(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s)).toHaveLength(0);
  });

  test('keeps the calls of the same person on another device', async ({ signedIn, alsoSignedIn, lab }) => {
    const { phone, person } = await signedIn();
    const other = await alsoSignedIn(person);
    await other.call('+1 202 555 0101');
    await other.hears(MILLIWATT_HERTZ);
    await endSession(phone, lab.url);
    await phone.page.reload();
    await phone.button('Sign in').waitFor();
    await other.hears(MILLIWATT_HERTZ);
    await other.says('In call');
  });
});
