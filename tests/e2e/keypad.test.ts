import { describe, expect } from 'vitest';
import { test } from '../support/e2e.ts';

describe('the keypad', () => {
  test('types a number', async ({ signedIn }) => {
    const { phone } = await signedIn();
    for (const key of '12025550102') await phone.button(key).click();
    await phone.button('Call').click();
    await phone.says('Call ended: the line is busy');
  });

  test('in a call its tones reach the far end, which sends them back', async ({ signedIn }) => {
    const { phone } = await signedIn();
    await phone.call('+1 202 555 0105');
    await phone.says('In call');
    for (const key of '19*0#') {
      const heard = await phone.keysHeard(2, () => phone.button(key).click());
      expect(heard).toBe(key);
    }
  });
});
