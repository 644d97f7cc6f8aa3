import { describe, expect, it } from 'vitest';
import { SignInLimit } from './sign-in-limit.ts';

function underTest() {
  let now = 0;
  return { limit: new SignInLimit(() => now), pass: (ms: number) => (now += ms) };
}

/** Fails `count` times, waiting as long as is asked for. @returns the waits */
function failures(
  { limit, pass }: ReturnType<typeof underTest>,
  count: number,
  login: string,
  address: string,
) {
  return Array.from({ length: count }, () => {
    const wait = limit.begin(login, address);
    if (wait > 0) {
      pass(wait);
      expect(limit.begin(login, address)).toBe(0);
    }
    return wait;
  });
}

describe('the limit of sign-in attempts', () => {
  it('lets the first eight go, then doubles the wait up to 30 s', () => {
    const waits = failures(underTest(), 16, 'ada', '192.0.2.1');
    expect(waits).toEqual([...Array(8).fill(0), 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('counts a login from many addresses as one', () => {
    const { limit } = underTest();
    for (let i = 0; i < 8; i += 1) expect(limit.begin('ada', `192.0.2.${i}`)).toBe(0);
    expect(limit.begin('ada', '192.0.2.99')).toBe(1_000);
    expect(limit.begin('grace', '192.0.2.99')).toBe(0);
  });

  it('counts many logins from one address', () => {
    const { limit } = underTest();
    for (let i = 0; i < 40; i += 1) expect(limit.begin(`user${i}`, '192.0.2.1')).toBe(0);
    expect(limit.begin('another', '192.0.2.1')).toBe(1_000);
    expect(limit.begin('another', '192.0.2.2')).toBe(0);
  });

  it('counts the addresses of one IPv6 /64 as one', () => {
    const { limit } = underTest();
    for (let i = 0; i < 40; i += 1) limit.begin(`user${i}`, `2001:db8::${i.toString(16)}`);
    expect(limit.begin('another', '2001:db8:0:0:ffff::1')).toBe(1_000);
    expect(limit.begin('another', '2001:db8:0:1::1')).toBe(0);
  });

  it('counts attempts that are under way', () => {
    const { limit } = underTest();
    for (let i = 0; i < 8; i += 1) limit.begin('ada', '192.0.2.1');
    expect(limit.begin('ada', '192.0.2.1')).toBeGreaterThan(0);
  });

  it('forgets a login with a success, and the address that one attempt', () => {
    const { limit } = underTest();
    for (let round = 0; round < 100; round += 1) {
      expect(limit.begin('ada', '192.0.2.1')).toBe(0);
      limit.succeeded('ada', '192.0.2.1');
    }
  });

  it('forgets failures after a quarter of an hour', () => {
    const test = underTest();
    failures(test, 12, 'ada', '192.0.2.1');
    test.pass(15 * 60_000 + 1);
    expect(failures(test, 8, 'ada', '192.0.2.1')).toEqual(Array(8).fill(0));
  });
});
