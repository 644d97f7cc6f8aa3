import { rm } from 'node:fs/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { AsteriskConsole, Carrier } from '../support/asterisk.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH, test } from '../support/e2e.ts';
import { describeLab, startOnFreePorts } from '../support/lab.global.ts';
import { Operator } from '../support/operator.ts';
import { Phone } from '../support/phone.ts';
import { until } from '../support/until.ts';

interface Leg {
  readonly codec: string;
  readonly transcodes: boolean;
}

/** The legs of a phone's call at the gateway: its own, and the one that it is bridged with. */
function legs(gateway: AsteriskConsole, phone: Phone): Promise<readonly Leg[]> {
  const [register] = phone.trace.sent(/^REGISTER /);
  const credential = /^Contact: <sip:([^@]+)@/m.exec(register?.text ?? '')?.[1];
  return until('two legs in one bridge at the gateway', async () => {
    const all = await gateway.channels();
    const own = all.find(({ name }) => name.startsWith(`PJSIP/${credential}-`));
    const both = all.filter(({ bridge }) => bridge !== '' && bridge === own?.bridge);
    if (both.length !== 2) return undefined;
    return Promise.all(both.map(async ({ name }) => legOf(await gateway.run(`core show channel ${name}`))));
  });
}

function legOf(described: string): Leg {
  const field = (name: string) => new RegExp(`${name}: *(.*)`).exec(described)?.[1]?.trim() ?? '';
  const transcodes = [field('WriteTranscode'), field('ReadTranscode')].some((text) => !text.startsWith('No'));
  return { codec: field('NativeFormats').replaceAll(/[()]/g, ''), transcodes };
}

const G722 = { codec: 'g722', transcodes: false };

describe('where Opus comes first', () => {
  test('the phone sends it with in-band FEC and asks for it, and the gateway translates', async ({
    hearingTone,
    gateway,
  }) => {
    const { phone } = await hearingTone();
    expect((await legs(gateway, phone)).map(({ codec }) => codec).sort()).toEqual(['g722', 'opus']);
    expect(phone.trace.sent(/^INVITE [\s\S]*\r\na=fmtp:111 [^\r]*useinbandfec=1/)).not.toHaveLength(0);
    // What the browser encodes with is what it takes the far end to want.
    const sendsFec = `document.querySelector('soft-phone').phone.calls[0].media.peerConnection.getStats().then((report) =>
      [...report.values()].some(({ type, codecId }) =>
        type === 'outbound-rtp' && /opus/.test(report.get(codecId).mimeType) && /useinbandfec=1/.test(report.get(codecId).sdpFmtpLine)))`;
    expect(await phone.page.evaluate(sendsFec)).toBe(true);
  });

  test('an incoming call has the codec of its trunk at the phone, too', async ({
    signedIn,
    carrier,
    gateway,
  }) => {
    const { phone, person } = await signedIn();
    await carrier.call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    expect((await legs(gateway, phone)).map(({ codec }) => codec)).toEqual(['g722', 'g722']);
  });

  test('a call between two phones is Opus from end to end', async ({ signedIn, gateway }) => {
    const [ada, minji] = await Promise.all([signedIn(), signedIn({ browser: 'second', number: false })]);
    await ada.phone.call(minji.person.extension);
    await minji.phone.answer();
    await Promise.all([ada.phone.hears(SECOND_PITCH), minji.phone.hears(FIRST_PITCH)]);
    const opus = { codec: 'opus', transcodes: false };
    expect(await legs(gateway, ada.phone)).toEqual([opus, opus]);
  });
});

describe('where G.722 comes first', () => {
  test('a trunk that has it too gets and gives the sound as it is, in calls both ways', async ({
    browsers,
  }) => {
    const started = await startOnFreePorts('e2e-codecs', { HANDSET_CODECS: 'g722,pcmu,pcma,opus' });
    const lab = describeLab(started.lab, started.settings);
    onTestFinished(async () => {
      await started.lab.stop();
      await rm(lab.data, { recursive: true, force: true });
    });
    const phone = await Phone.open(await browsers.get('first'), lab.url);
    onTestFinished(() => phone.context.close());
    const person = await new Operator(lab).addPerson();
    await phone.signIn(person);
    await phone.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const gateway = new AsteriskConsole(lab.data, 'gateway');
    expect(await legs(gateway, phone)).toEqual([G722, G722]);
    await phone.hangUp();
    await phone.button('Call').waitFor();
    await new Carrier(lab.data).call(person.number, 'tone');
    await phone.says(/Incoming call/);
    await phone.answer();
    await phone.hears(MILLIWATT_HERTZ);
    expect(await legs(gateway, phone)).toEqual([G722, G722]);
  });
});
