import { describe, expect } from 'vitest';
import type { Scenario } from './run-scenario.ts';
import { answers } from './trace.ts';
import { type Phone, test, type World } from './world.ts';

function registration(world: World, name: string, extension: string, phone: Phone): Scenario {
  const { user, password, at } = phone;
  return { name, at, to: world.gateway, keys: { extension, user, password } };
}

describe('a device registers', () => {
  test('with the right password', async ({ world, sipp }) => {
    const { extension, phone } = await world.subscriber();
    const run = await sipp(registration(world, 'register', extension, phone));
    const ok = (await run.done).at(-1);
    expect(ok?.status).toBe(200);
    expect(ok?.header('Contact')).toContain(`<sip:${phone.user}@${phone.at.address}:${phone.at.port}>`);
    expect(await world.console(`database show registrar/contact`)).toContain(`${extension};@`);
  });

  test('not with a wrong password', async ({ world, sipp }) => {
    const { extension, phone } = await world.subscriber();
    const wrong = { ...phone, password: 'wrong' };
    const run = await sipp(registration(world, 'register-refused', extension, wrong));
    expect(answers(await run.done, 'REGISTER')).toEqual([401, 401]);
    expect(await world.console(`database show registrar/contact`)).not.toContain(`${extension};@`);
  });

  test('not with an expired credential', async ({ world, sipp }) => {
    const { userId, extension } = await world.subscriber();
    const expired = await world.phone(userId, Date.now() - 2_000);
    const run = await sipp(registration(world, 'register-refused', extension, expired));
    expect(answers(await run.done, 'REGISTER')).toEqual([401, 401]);
  });

  test('with the credential of a sign-in, and not once that has expired', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const browser = {
      ...(await signIn(world, subscriber.login, subscriber.password)),
      at: subscriber.phone.at,
    };
    const good = await sipp(registration(world, 'register', subscriber.extension, browser));
    await good.done;
    await world.query('UPDATE credentials SET expires_at = ? WHERE id = ?', [
      Date.now() - 2_000,
      browser.user,
    ]);
    const late = await sipp(registration(world, 'register-refused', subscriber.extension, browser));
    expect(answers(await late.done, 'REGISTER')).toEqual([401, 401]);
  });

  test('and is gone within two seconds of its sign-out', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const { cookie, ...credential } = await signIn(world, subscriber.login, subscriber.password);
    const browser = { ...credential, at: subscriber.phone.at };
    const good = await sipp(registration(world, 'register', subscriber.extension, browser));
    await good.done;
    const contacts = () => world.console('database show registrar/contact');
    expect(await contacts()).toContain(`${subscriber.extension};@`);
    const signedOut = Date.now();
    await fetch(`${world.lab.api}/v1/sessions/current`, { method: 'DELETE', headers: { cookie } });
    await expect.poll(contacts, { timeout: 2_000 }).not.toContain(`${subscriber.extension};@`);
    expect(Date.now() - signedOut).toBeLessThan(2_000);
    const late = await sipp(registration(world, 'register-refused', subscriber.extension, browser));
    expect(answers(await late.done, 'REGISTER')).toEqual([401, 401]);
  });

  test('not for the extension of someone else', async ({ world, sipp }) => {
    const [{ extension }, { phone }] = await Promise.all([world.subscriber(), world.subscriber()]);
    const run = await sipp(registration(world, 'register-elsewhere', extension, phone));
    expect(answers(await run.done, 'REGISTER')).toEqual([401, 404]);
    expect(await world.console(`database show registrar/contact`)).not.toContain(`${extension};@`);
  });
});

/** A browser's credential, from signing in. What the API hands out is what the database holds the hash of. */
async function signIn(
  world: World,
  login: string,
  password: string,
): Promise<Omit<Phone, 'at'> & { readonly cookie: string }> {
  const origin = world.lab.api;
  const session = await fetch(`${origin}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const config = (await (await fetch(`${origin}/v1/phone-config`, { headers: { cookie } })).json()) as {
    sip: { authorizationUser: string; password: string };
  };
  return { cookie, user: config.sip.authorizationUser, password: config.sip.password };
}
