import { describe, expect } from 'vitest';
import { FIRST_PITCH } from '../support/e2e.ts';
import { begin, CALLS, move } from '../support/network/moving.ts';
import { setPath } from '../support/network/nat.ts';
import { test } from '../support/network/network-test.ts';

const BACK_WITHIN_MS = 3_000;

describe('an address that changes in mid-call', () => {
  for (const [path, direction] of CALLS) {
    test(`interrupts the sound either way for three seconds at most (path: ${path}, call: ${direction})`, async ({
      router,
      home,
      signedIn,
      carrier,
      onTestFinished,
    }) => {
      onTestFinished(() => home.moveBack());
      await setPath(router, path);
      const { phone, person } = await signedIn();
      const talk = { phone, carrier, number: person.number };
      await begin(talk, direction);
      const gaps = await move(home, talk, FIRST_PITCH);
      expect(gaps.here).toBeLessThanOrEqual(BACK_WITHIN_MS);
      expect(gaps.there).toBeLessThanOrEqual(BACK_WITHIN_MS);
      // And it was not a path that had never gone.
      expect(gaps.here).toBeGreaterThan(0);
      await carrier.hears(person.number, FIRST_PITCH);
      await phone.says('Ready');
      await phone.says('In call');
    });
  }
});
