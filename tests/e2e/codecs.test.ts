import type { Codec } from '@handset/gateway-config';
import { describe, expect } from 'vitest';
import type { AsteriskConsole } from '../support/asterisk.ts';
import { type Browsers, FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { LabWithSettings } from '../support/lab-with-settings.ts';
import type { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

interface Leg {
  readonly codec: string;
  readonly transcodes: boolean;
}

/** The legs of a phone's call at the gateway: its own, and the one that it is bridged with. */
function legs(gateway: AsteriskConsole, phone: Phone): Promise<readonly Leg[]> {
  return until('two legs in one bridge at the gateway', async () => {
    const own = await gateway.channelOf(phone);
    const all = await gateway.channels();
    const both = all.filter(({ bridge }) => bridge !== '' && bridge === own.bridge);
    if (both.length !== 2) return undefined;
    const ownFirst = both.toSorted((a) => (a.name === own.name ? -1 : 1));
    return Promise.all(
      ownFirst.map(async ({ name }) => legOf(await gateway.run(`core show channel ${name}`))),
    );
  });
}

function legOf(described: string): Leg {
  const field = (name: string) => new RegExp(`${name}: *(.*)`).exec(described)?.[1]?.trim() ?? '';
  const transcodes = [field('WriteTranscode'), field('ReadTranscode')].some((text) => !text.startsWith('No'));
  return { codec: field('NativeFormats').replaceAll(/[()]/g, ''), transcodes };
}

/** Both legs with this codec, which the gateway passes on as it is. */
const through = (codec: string): readonly Leg[] => [
  { codec, transcodes: false },
  { codec, transcodes: false },
];

describe('of an outside call', () => {
  test('the trunk’s codec is the phone’s, before and after a hold, and after a reload', async ({
    hearingTone,
    carrier,
    gateway,
  }) => {
    const { phone, person } = await hearingTone();
    expect(await legs(gateway, phone)).toEqual(through('g722'));
    await phone.button('Hold').click();
    await carrier.hearsHoldMusic(person.number);
    await phone.button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
    await phone.page.reload();
    await until('the call to be taken over', async () => phone.trace.sent(/^ACK sip:take-over/)[0]);
    await carrier.hears(person.number, FIRST_PITCH);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
  });

  test('… of an incoming one, too', async ({ signedIn, carrier, gateway }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
    await phone.button('Hold').click();
    await carrier.hearsHoldMusic(person.number);
    await phone.button('Resume').click();
    await phone.hears(MILLIWATT_HERTZ);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
  });

  test('… of one to an emergency number, though it looks like an extension', async ({
    signedIn,
    carrier,
    gateway,
  }) => {
    const { phone, person } = await signedIn();
    await phone.call('911');
    await carrier.hears(person.number, FIRST_PITCH);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
  });

  test('… of one that a program placed', async ({ signedIn, operator, gateway }) => {
    const { phone, person } = await signedIn();
    await operator.clickToCall(person, '+12025550101');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    expect(await legs(gateway, phone)).toEqual(through('g722'));
  });

  test('… and of one that was handed on to a colleague', async ({ signedIn, carrier, gateway }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second' })]);
    await carrier.call(ada.person.number, 'tone');
    await ada.phone.answer();
    await ada.phone.hears(MILLIWATT_HERTZ);
    await ada.phone.button('Transfer').click();
    await ada.phone.field('Number').fill(minji.person.extension);
    await ada.phone.button('Complete transfer').click();
    await minji.phone.answer();
    await minji.phone.hears(MILLIWATT_HERTZ);
    await carrier.hears(ada.person.number, SECOND_PITCH);
    expect(await legs(gateway, minji.phone)).toEqual(through('g722'));
  });
});

test('a call between two phones is Opus from end to end, and asks for its in-band FEC', async ({
  signedIn,
  gateway,
}) => {
  const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second', number: false })]);
  await ada.phone.call(minji.person.extension);
  await minji.phone.answer();
  await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
  expect(await legs(gateway, ada.phone)).toEqual(through('opus'));
  expect(ada.phone.trace.sent(ASKS_FOR_FEC)).not.toHaveLength(0);
  await ada.phone.button('Hold').click();
  await minji.phone.hearsHoldMusic();
  await ada.phone.button('Resume').click();
  await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
  expect(await legs(gateway, ada.phone)).toEqual(through('opus'));
});

test('where a trunk has one codec alone, the phone has it, too', async ({ browsers }) => {
  const { phone, person, gateway, carrier } = await signedInTo(browsers, {}, ['pcma']);
  await phone.call('+1 202 555 0101');
  await phone.hears(MILLIWATT_HERTZ);
  expect(await legs(gateway, phone)).toEqual(through('alaw'));
  await phone.hangUp();
  await phone.button('Call').waitFor();
  await carrier.call(person.number, 'tone');
  await phone.says(/Incoming call/);
  await phone.answer();
  await phone.hears(MILLIWATT_HERTZ);
  expect(await legs(gateway, phone)).toEqual(through('alaw'));
});

test('where the phone’s codecs are set, it has Opus with in-band FEC, and the gateway translates', async ({
  browsers,
}) => {
  const { phone, person, gateway, carrier } = await signedInTo(browsers, {
    HANDSET_OUTSIDE_CODECS: 'phone',
  });
  const codecs = async () => (await legs(gateway, phone)).map(({ codec }) => codec);
  await phone.call('+1 202 555 0101');
  await phone.hears(MILLIWATT_HERTZ);
  expect(await codecs()).toEqual(['opus', 'g722']);
  expect(phone.trace.sent(ASKS_FOR_FEC)).not.toHaveLength(0);
  // What the browser encodes with is what it takes the far end to want.
  const sendsFec = `document.querySelector('soft-phone').phone.calls[0].media.peerConnection.getStats().then((report) =>
    [...report.values()].some(({ type, codecId }) =>
      type === 'outbound-rtp' && /opus/.test(report.get(codecId).mimeType) && /useinbandfec=1/.test(report.get(codecId).sdpFmtpLine)))`;
  expect(await phone.page.evaluate(sendsFec)).toBe(true);
  await phone.hangUp();
  await phone.button('Call').waitFor();
  await carrier.call(person.number, 'tone');
  await phone.says(/Incoming call/);
  await phone.answer();
  await phone.hears(MILLIWATT_HERTZ);
  expect(await codecs()).toEqual(['opus', 'g722']);
});

const ASKS_FOR_FEC = /^INVITE [\s\S]*\r\na=fmtp:111 [^\r]*useinbandfec=1/;

/** A phone in a lab with settings of its own. @param trunk the codecs of its trunk, if not the usual ones */
async function signedInTo(
  browsers: Browsers,
  settings: Readonly<Record<string, string>>,
  trunk?: readonly Codec[],
) {
  const own = await LabWithSettings.start(settings);
  const { operator, gateway, carrier } = own;
  if (trunk !== undefined) {
    await operator.changeTrunks({ codecs: trunk });
    await until('the trunk’s codecs at the gateway', async () =>
      (await gateway.run('pjsip show endpoint trunk')).includes('(alaw)') ? true : undefined,
    );
  }
  return { ...(await own.signedIn(browsers)), gateway, carrier };
}
