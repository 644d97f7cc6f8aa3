import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';
import type { Phone } from '../support/phone.ts';

/** Which of these were asked for, in order, by the page's next load. */
async function nextLoad(phone: Phone, until: () => Promise<void>): Promise<string[]> {
  const asked: string[] = [];
  phone.page.on('request', (request) => {
    if (request.url().endsWith('/v1/phone-config')) asked.push('phone-config');
  });
  phone.page.on('websocket', (socket) => asked.push(new URL(socket.url()).pathname));
  await phone.page.reload();
  await until();
  return asked;
}

describe('the first script of the page', () => {
  test('begins what the phone then goes on with: one question, one socket', async ({ signedIn, gateway }) => {
    const { phone, person } = await signedIn();
    const asked = await nextLoad(phone, () => phone.says('Ready'));
    expect(asked).toEqual(['phone-config', '/ws']);
    const contacts = await gateway.run('pjsip show contacts');
    expect(contacts.split(`${person.extension}/`)).toHaveLength(2);
    await phone.call('+1 202 555 0102');
    await phone.says('Call ended: the line is busy');
  });

  test('opens no socket for who is not signed in', async ({ open }) => {
    const phone = await open();
    await phone.button('Sign in').waitFor();
    const asked = await nextLoad(phone, () => phone.button('Sign in').waitFor());
    expect(asked).toEqual(['phone-config']);
  });

  test('is not needed: a phone without it does the same itself', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.page.route('**/assets/boot-*.js', (route) => route.abort());
    const asked = await nextLoad(phone, () => phone.says('Ready'));
    expect(asked.filter((each) => each === '/ws')).toHaveLength(1);
  });
});
