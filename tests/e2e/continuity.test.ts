import { describe } from 'vitest';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { keepServerDown } from '../support/server-outage.ts';
import { until } from '../support/until.ts';

describe('while the server is down', () => {
  test('calls go on, incoming and internal ones are made, and outside ones are refused in words', async ({
    signedIn,
    carrier,
    lab,
    onTestFinished,
  }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    await ada.phone.call('+1 202 555 0101');
    await ada.phone.hears(MILLIWATT_HERTZ);
    const letItStart = keepServerDown(lab.data);
    const isBack = () =>
      until('the server to be back', async () => (await fetch(`${lab.url}/healthz`)).ok || undefined);
    onTestFinished(async () => {
      letItStart();
      await isBack();
    });

    // The call that is up, an incoming one, and one between the two.
    await ada.phone.hears(MILLIWATT_HERTZ);
    await carrier.call(minji.person.number, 'tone');
    await minji.phone.says(/Incoming call/);
    await minji.phone.answer();
    await minji.phone.hears(MILLIWATT_HERTZ);
    await Promise.all([ada.phone.hangUp(), minji.phone.hangUp()]);
    await minji.phone.says(/Call ended/);
    await minji.phone.call(ada.person.extension);
    await ada.phone.says(/Incoming call/);
    await ada.phone.answer();
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    await ada.phone.hangUp();
    await minji.phone.says(/Call ended/);

    await ada.phone.call('+1 202 555 0101');
    await ada.phone.says('Call ended: calls outside are not possible at the moment', 15_000);

    letItStart();
    await isBack();
    await ada.phone.call('+1 202 555 0101');
    await ada.phone.hears(MILLIWATT_HERTZ);
  });
});
