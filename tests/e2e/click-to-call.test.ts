import { expect } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, test } from '../support/e2e.ts';

const TONE = '+12025550101';

test('a program has a person’s phone ring; who answers calls the number, and hears it', async ({
  signedIn,
  operator,
  carrier,
}) => {
  const { phone, person } = await signedIn();
  const { id } = await operator.clickToCall(person, TONE);
  await phone.says('Incoming call from (202) 555-0101');
  await phone.answer();
  await phone.hears(MILLIWATT_HERTZ);
  await carrier.hears(person.number, FIRST_PITCH);
  await phone.hangUp();
  await phone.says('Call ended: you hung up');
  await carrier.isFreeOf(person.number);
  const [device] = await operator.devicesOf(person);
  await expect
    .poll(() => operator.recordsOf(person), { timeout: 5_000 })
    .toMatchObject([
      {
        id,
        direction: 'outbound',
        number: TONE,
        ownNumber: person.number,
        device: { id: device?.id },
        reason: 'completed',
      },
    ]);
});

test('a person who declines is not called for, and neither is the number', async ({ signedIn, operator }) => {
  const { phone, person } = await signedIn();
  const { id } = await operator.clickToCall(person, TONE);
  await phone.says(/Incoming call/);
  await phone.button('Decline').click();
  await expect
    .poll(() => operator.recordsOf(person), { timeout: 5_000 })
    .toMatchObject([{ id, reason: 'declined', trunk: null }]);
});

test('a person without a phone that could ring is not called for: the program is told', async ({
  operator,
}) => {
  const person = await operator.addPerson();
  await expect(operator.clickToCall(person, TONE)).rejects.toThrow(/409.*no-phone/s);
});
