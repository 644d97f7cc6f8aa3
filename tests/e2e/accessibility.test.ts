import { describe, expect } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { test } from '../support/e2e.ts';

describe.each(['en-US', 'ko-KR'] as const)('nobody is kept out (%s)', (locale) => {
  test('signed out', async ({ open }) => {
    const phone = await open({ locale });
    await phone.button('Sign in').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.signIn({ login: 'nobody', password: 'not a password' });
    await phone.page.getByRole('alert').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
  });

  test('idle, and calling', async ({ signedIn }) => {
    const { phone } = await signedIn({ locale });
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.call('+1 202 555 0103');
    await phone.button('Hang up').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
  });

  test('in a call, and after it', async ({ signedIn }) => {
    const { phone } = await signedIn({ locale });
    await phone.call('+1 202 555 0101');
    await phone.hears(1004);
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.button('Hold').click();
    await phone.button('Resume').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
    await phone.hangUp();
    await phone.button('Call').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
  });

  test('while somebody calls', async ({ signedIn, carrier }) => {
    const { phone, person } = await signedIn({ locale });
    await carrier.call(person.number);
    await phone.button('Answer').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
  });

  test('with the sound settings open', async ({ signedIn }) => {
    const { phone } = await signedIn({ locale });
    const choice = phone.page.getByRole('combobox').first();
    await phone.button('Sound settings').click();
    await choice.waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
    // They were open, and in view, at each width.
    const box = await choice.boundingBox();
    expect(box?.x).toBeGreaterThan(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(phone.page.viewportSize()?.width ?? 0);
  });

  test('where the microphone is blocked', async ({ signedIn }) => {
    const { phone } = await signedIn({ locale, microphone: 'denied' });
    await phone.call('+1 202 555 0101');
    await phone.button('Call').waitFor();
    expect(await accessibilityFaults(phone)).toEqual([]);
  });
});
