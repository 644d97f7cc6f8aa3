import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';
import { nextPhoneConfig } from '../support/phone-config.ts';
import { until } from '../support/until.ts';

describe('signing in and out', () => {
  test('a wrong password is refused in words', async ({ open, operator }) => {
    const [phone, person] = await Promise.all([open(), operator.addPerson()]);
    await phone.signIn({ login: person.login, password: 'not the password' });
    await phone.page.getByText('Login or password is wrong.').waitFor();
    expect(phone.trace.messages).toEqual([]);
    await phone.signIn(person);
    await phone.says('Ready');
  });

  test('a reload keeps the session', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.page.reload();
    await phone.says('Ready');
    await phone.call('+1 202 555 0102');
    await phone.says('Call ended: the line is busy');
  });

  test('signing out unregisters, and the phone can no longer be called', async ({ signedIn, gateway }) => {
    const [leaving, staying] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    const contacts = async () =>
      (await gateway.run('pjsip show contacts')).includes(`${leaving.person.extension}/`);
    expect(await contacts()).toBe(true);
    await leaving.phone.button('Sign out').click();
    await leaving.phone.button('Sign in').waitFor();
    await until('the contact to go', async () => !(await contacts()) || undefined);
    await staying.phone.call(leaving.person.extension);
    await staying.phone.says('Call ended: they can’t be reached right now');
    await leaving.phone.page.reload();
    await leaving.phone.button('Sign in').waitFor();
  });

  test('no secret reaches the console of the browser', async ({ open, operator }) => {
    const [phone, person] = await Promise.all([open(), operator.addPerson()]);
    const config = nextPhoneConfig(phone.page);
    await phone.signIn(person);
    await phone.says('Ready');
    await phone.call('+1 202 555 0106');
    await phone.says('Call ended: they hung up');
    const cookies = (await phone.context.cookies()).map(({ value }) => value);
    const { sip, iceServers } = await config;
    const turn = iceServers.flatMap(({ credential }) => credential ?? []);
    const secrets = [person.password, sip.password, ...turn, ...cookies];
    expect(secrets.length).toBeGreaterThan(3);
    for (const line of phone.consoleLines) {
      for (const secret of secrets) expect(line).not.toContain(secret);
      expect(line).not.toMatch(/authorization|digest/i);
    }
    // The browser itself notes that the page, before anybody signed in, was told so (401).
    const faults = phone.consoleLines.filter(
      (line) => /^(error|uncaught)/.test(line) && !line.includes('401'),
    );
    expect(faults).toEqual([]);
  });
});
