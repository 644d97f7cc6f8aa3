import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { FIRST_PITCH, test } from '../support/e2e.ts';
import { shortenNextCredential } from '../support/phone-config.ts';

const MILLIWATT_HERTZ = 1004;
const LONGEST_GAP_MS = 100;
/** In place of twelve hours; it is renewed in the last quarter. */
const LIFE_MS = 12_000;
const LISTENING_S = 13;
const RENEWED = /^SIP\/2\.0 200 .*CSeq: \d+ REGISTER/s;

describe('a credential that is about to end in mid-call', () => {
  test.for(['outgoing', 'incoming'])(
    'is renewed, and an %s call goes on, ends and is followed by the next',
    async (direction, { open, operator, carrier, gateway, lab }) => {
      const [phone, person] = await Promise.all([open(), operator.addPerson()]);
      const credential = shortenNextCredential(phone.page, lab, LIFE_MS);
      await phone.signIn(person);
      await phone.says('Ready');
      const { name, endsAt } = await credential;
      if (direction === 'outgoing') await phone.call('+1 202 555 0101');
      else {
        await carrier.call(person.number, 'tone');
        await phone.says(/Incoming call/);
        await phone.answer();
      }
      await phone.hears(MILLIWATT_HERTZ);
      const said = () =>
        phone.trace.messages.filter(({ text }) => /CSeq: \d+ (INVITE|UPDATE|BYE)/.test(text)).length;
      const [before, registrations] = [said(), phone.trace.received(RENEWED).length];
      expect(await phone.longestGap(MILLIWATT_HERTZ, LISTENING_S)).toBeLessThanOrEqual(LONGEST_GAP_MS);
      await delay(endsAt - Date.now());

      // It was renewed: one contact, of a new credential. The call was not touched.
      expect(phone.trace.received(RENEWED).length).toBeGreaterThan(registrations);
      const contacts = await gateway.run('database show registrar/contact');
      const own = contacts.split('\n').filter((line) => line.includes(`/${person.extension};`));
      expect(own).toHaveLength(1);
      expect(own[0]).not.toContain(name);
      expect(said()).toBe(before);
      await phone.says('Ready');

      // The old credential is over. What is said in the call still gets through.
      await phone.button('Hold').click();
      await phone.says('On hold');
      await phone.button('Resume').click();
      await phone.hears(MILLIWATT_HERTZ);
      await carrier.hears(person.number, FIRST_PITCH);
      await phone.hangUp();
      await carrier.isFreeOf(person.number);

      await carrier.call(person.number, 'tone');
      await phone.says(/Incoming call/);
      await phone.answer();
      await phone.hears(MILLIWATT_HERTZ);
      await phone.hangUp();
      await carrier.isFreeOf(person.number);
      await phone.call('+1 202 555 0101');
      await phone.hears(MILLIWATT_HERTZ);
    },
  );
});
