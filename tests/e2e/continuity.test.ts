import { describe, expect } from 'vitest';
import { FIRST_PITCH, SECOND_PITCH, test } from '../support/e2e.ts';
import { keepServerDown } from '../support/server-outage.ts';
import { until } from '../support/until.ts';

const MILLIWATT_HERTZ = 1004;

describe('while the server is down', () => {
  test('calls go on, incoming and internal ones are made, and outside ones are refused in words', async ({
    signedIn,
    carrier,
    lab,
    onTestFinished,
  }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    await ada.phone.call('+1 202 555 0101');
    await ada.phone.hears(MILLIWATT_HERTZ);
    const letItStart = keepServerDown(lab.data);
    const isBack = () =>
      until('the server to be back', async () => (await fetch(`${lab.url}/healthz`)).ok || undefined);
    onTestFinished(async () => {
      letItStart();
      await isBack();
    });

    // The call that is up, an incoming one, and one between the two.
    await ada.phone.hears(MILLIWATT_HERTZ);
    await carrier.call(minji.person.number, 'tone');
    await minji.phone.says(/Incoming call/);
    await minji.phone.answer();
    await minji.phone.hears(MILLIWATT_HERTZ);
    await Promise.all([ada.phone.hangUp(), minji.phone.hangUp()]);
    await minji.phone.says(/Call ended/);
    await minji.phone.call(ada.person.extension);
    await ada.phone.says(/Incoming call/);
    await ada.phone.answer();
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    await ada.phone.hangUp();
    await minji.phone.says(/Call ended/);

    await ada.phone.call('+1 202 555 0101');
    await ada.phone.says('Call ended: calls outside are not possible at the moment', 15_000);

    letItStart();
    await isBack();
    await ada.phone.call('+1 202 555 0101');
    await ada.phone.hears(MILLIWATT_HERTZ);
  });
});

const REVOKED_WITHIN_MS = 2_000;

describe('a revoked device', () => {
  test('loses its call and its contact within two seconds', async ({ signedIn, lab, gateway, carrier }) => {
    const { phone, person } = await signedIn();
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const cookies = (await phone.context.cookies()).map(({ name, value }) => `${name}=${value}`);
    const asked = performance.now();
    const response = await fetch(`${lab.url}/v1/sessions/current`, {
      method: 'DELETE',
      headers: { cookie: cookies.join('; ') },
    });
    expect(response.status).toBe(204);
    await phone.button('Hang up').waitFor({ state: 'detached', timeout: REVOKED_WITHIN_MS });
    await carrier.isFreeOf(person.number);
    await until(
      'the contact to go',
      async () => !(await gateway.run('pjsip show contacts')).includes(`${person.extension}/`) || undefined,
    );
    expect(performance.now() - asked).toBeLessThan(REVOKED_WITHIN_MS);
  });

  test('can call nobody, and says that it was signed out', async ({ signedIn, lab }) => {
    const { phone } = await signedIn();
    const cookies = (await phone.context.cookies()).map(({ name, value }) => `${name}=${value}`);
    await fetch(`${lab.url}/v1/sessions/current`, {
      method: 'DELETE',
      headers: { cookie: cookies.join('; ') },
    });
    await phone.call('+1 202 555 0101');
    await phone.page.getByText('You were signed out. Please sign in again.').waitFor({ timeout: 5_000 });
    await phone.button('Sign in').waitFor();
    expect(phone.trace.received(/^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s)).toHaveLength(0);
  });

  test('keeps the calls of the same person on another device', async ({ signedIn, open, lab }) => {
    const { phone, person } = await signedIn();
    const other = await open({ browser: 'second' });
    await other.signIn(person);
    await other.says('Ready');
    await other.call('+1 202 555 0101');
    await other.hears(MILLIWATT_HERTZ);
    const cookies = (await phone.context.cookies()).map(({ name, value }) => `${name}=${value}`);
    await fetch(`${lab.url}/v1/sessions/current`, {
      method: 'DELETE',
      headers: { cookie: cookies.join('; ') },
    });
    await phone.page.reload();
    await phone.button('Sign in').waitFor();
    await other.hears(MILLIWATT_HERTZ);
    await other.says('In call');
  });
});
