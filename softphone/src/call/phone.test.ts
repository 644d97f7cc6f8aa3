import { beforeEach, describe, expect, test } from 'vitest';
import { ProvisioningError } from './provisioning-port.ts';
import { CONFIG, newPhone, settled } from './testing.ts';

let { world, phone, call, ready } = newPhone();

beforeEach(() => {
  ({ world, phone, call, ready } = newPhone());
});

describe('signing in', () => {
  test('a browser that is signed in already becomes a telephone by itself', async () => {
    expect(phone.snapshot.session).toBe('unknown');
    await ready();
    expect(phone.snapshot).toMatchObject({
      session: 'signed-in',
      user: { name: 'Ada' },
      connection: { status: 'ready' },
    });
    expect(world.log).toEqual(['line dv1', 'prepare']);
  });

  test('one that is not is asked', async () => {
    world.signedIn = new ProvisioningError('signed-out');
    await phone.start();
    expect(phone.snapshot.session).toBe('signed-out');
  });

  test('a wrong password is told, and the next try may succeed', async () => {
    world.signedIn = new ProvisioningError('wrong-credentials');
    await phone.signIn('ada', 'x');
    expect(phone.snapshot).toMatchObject({ session: 'signed-out', fault: 'wrong-credentials' });
    world.signedIn = CONFIG;
    await phone.signIn('ada', 'y');
    expect(phone.snapshot.session).toBe('signed-in');
    expect(phone.snapshot.fault).toBeUndefined();
  });

  test('signing out ends the calls, unregisters, then ends the session', async () => {
    await ready();
    phone.call('1002');
    await phone.signOut();
    expect(world.legs[0]?.log).toEqual(['hang-up']);
    expect(world.log.slice(-2)).toEqual(['line-closed', 'sign-out']);
    expect(phone.snapshot).toMatchObject({ session: 'signed-out', calls: [] });
  });
});

describe('a refused registration', () => {
  test('is tried again with a fresh credential', async () => {
    await ready();
    world.signedIn = { ...CONFIG, sip: { ...CONFIG.sip, authorizationUser: 'dv2' } };
    world.line?.connection('refused', true);
    await settled();
    expect(world.log).toContain('renew dv2');
  });

  test('of a session that is over leads back to signing in, with the reason', async () => {
    await ready();
    world.signedIn = new ProvisioningError('signed-out');
    world.line?.connection('refused', true);
    await settled();
    expect(phone.snapshot).toMatchObject({ session: 'signed-out', fault: 'signed-out' });
    expect(world.log).toContain('line-closed');
  });
});

test('subscribers hear of changes, and unchanged calls stay the same objects', async () => {
  await ready();
  let heard = 0;
  const end = phone.subscribe(() => {
    heard += 1;
  });
  phone.call('1002');
  await settled();
  const before = call();
  const heardSoFar = heard;
  world.line?.connection('waiting', true);
  expect(heard).toBeGreaterThan(heardSoFar);
  expect(call()).toBe(before);
  end();
  world.legs[0]?.listener?.ringing();
  expect(heard).toBe(heardSoFar + 1);
});
