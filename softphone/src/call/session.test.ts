import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Phone } from './phone.ts';
import { ProvisioningError } from './provisioning-port.ts';
import { CONFIG, FakeWorld } from './testing.ts';

const HOUR_MS = 3_600_000;

let world: FakeWorld;
const renewals = () => world.log.filter((line) => line.startsWith('renew')).length;

async function signIn(lifeMs: number): Promise<Phone> {
  const expiresAt = new Date(Date.now() + lifeMs).toISOString();
  world.signedIn = { ...CONFIG, sip: { ...CONFIG.sip, expiresAt } };
  const phone = new Phone(world);
  await phone.start();
  return phone;
}

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a credential', () => {
  test('is renewed five minutes before it ends', async () => {
    await signIn(HOUR_MS);
    await vi.advanceTimersByTimeAsync(54 * 60_000);
    expect(renewals()).toBe(0);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(renewals()).toBeGreaterThan(0);
  });

  test('that lives a minute is renewed in its last quarter, and not again and again', async () => {
    await signIn(60_000);
    await vi.advanceTimersByTimeAsync(44_000);
    expect(renewals()).toBe(0);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(renewals()).toBe(1);
  });

  test('that was revoked: the phone says so and asks to sign in', async () => {
    const phone = await signIn(HOUR_MS);
    world.signedIn = new ProvisioningError('signed-out');
    world.line?.connection('refused', true);
    await vi.advanceTimersByTimeAsync(1);
    expect(phone.snapshot).toMatchObject({ session: 'signed-out', fault: 'signed-out' });
  });
});
