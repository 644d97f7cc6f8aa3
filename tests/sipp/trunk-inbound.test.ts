import { describe, expect } from 'vitest';
import { carrierCalls, phoneExpects } from './calls.ts';
import { finalAnswer, received } from './trace.ts';
import { test } from './trunks.ts';
import type { Sipp, Subscriber, World } from './world.ts';

const CALLER = '<sip:+12125550123@carrier.example>';
const ASSERTED = '+12125550177';

/** A call from the carrier to a subscriber, with these headers. @returns what the phone was told of the caller */
async function calledAs(
  world: World,
  sipp: Sipp,
  subscriber: Subscriber,
  { from = CALLER, extra }: { from?: string; extra?: string },
  dialed = subscriber.number,
): Promise<string> {
  const phone = await phoneExpects(world, sipp, subscriber, 'answers');
  const carrier = await sipp({
    name: 'carrier-calls-as',
    at: { address: world.carrier.address, port: world.port() },
    to: world.gateway,
    keys: { target: dialed, dialed, from, ...(extra !== undefined && { extra }) },
  });
  const messages = await phone.done;
  await carrier.done;
  return received(messages, 'INVITE')[0]?.header('From') ?? '';
}

/** Changes the first trunk for the time of a test, and waits until the gateway has read it. */
async function changed(world: World, change: object, line: string, work: () => Promise<void>): Promise<void> {
  const before = await world.api<Record<string, unknown>>('GET', '/v1/trunks/trunk');
  const set = async (to: object, expected: (shown: string) => boolean) => {
    await world.api('PATCH', '/v1/trunks/trunk', to);
    await expect
      .poll(async () => expected(await world.console('pjsip show endpoint trunk')), { timeout: 10_000 })
      .toBe(true);
  };
  await set(change, (shown) => shown.includes(line));
  try {
    await work();
  } finally {
    const back = Object.fromEntries(Object.keys(change).map((name) => [name, before[name]]));
    await set(back, (shown) => !shown.includes(line));
  }
}

describe('the caller’s number', () => {
  test('is the one in P-Asserted-Identity where the trunk is trusted for it, else that in From', async ({
    world,
    sipp,
  }) => {
    const subscriber = await world.subscriber();
    const extra = `P-Asserted-Identity: <sip:${ASSERTED}@carrier.example>`;
    expect(await calledAs(world, sipp, subscriber, { extra })).toContain(`<sip:${ASSERTED}@`);
    await changed(world, { trustsPai: false }, 'trust_id_inbound                   : false', async () => {
      expect(await calledAs(world, sipp, subscriber, { extra })).toContain('<sip:+12125550123@');
    });
    expect(await world.records(subscriber.extension, 2)).toMatchObject([
      { number: ASSERTED },
      { number: '+12125550123' },
    ]);
  });

  test.for([
    { what: 'by From', from: '"Anonymous" <sip:anonymous@anonymous.invalid>' },
    {
      what: 'by Privacy, with the number asserted to us alone',
      from: '"Anonymous" <sip:anonymous@anonymous.invalid>',
      extra: `P-Asserted-Identity: "Ada" <sip:${ASSERTED}@carrier.example>\r\nPrivacy: id`,
    },
  ])('of an anonymous caller is not shown: $what', async ({ from, extra }, { world, sipp }) => {
    const subscriber = await world.subscriber();
    const given = { from, ...(extra !== undefined && { extra }) };
    expect(await calledAs(world, sipp, subscriber, given)).toMatch(/^"Anonymous" <sip:anonymous@/);
    expect(await world.records(subscriber.extension)).toMatchObject([{ number: 'anonymous' }]);
  });
});

describe('numbers of a carrier that writes them as people of its country do', () => {
  test('are understood: its own country’s, and those of others', async ({ world, sipp }) => {
    const subscriber = await world.subscriber();
    const national = subscriber.number.slice(2);
    const inboundFormat = { form: 'national', country: 'US' };
    await changed(world, { inboundFormat }, 'HANDSET_HOME                       : +1', async () => {
      const from = '<sip:2125550123@carrier.example>';
      expect(await calledAs(world, sipp, subscriber, { from }, national)).toContain('<sip:+12125550123@');
      const foreign = '<sip:011442079460018@carrier.example>';
      expect(await calledAs(world, sipp, subscriber, { from: foreign }, national)).toContain(
        '<sip:+442079460018@',
      );
    });
    expect(await world.records(subscriber.extension, 2)).toMatchObject([
      { own_number: subscriber.number, number: '+12125550123' },
      { own_number: subscriber.number, number: '+442079460018' },
    ]);
  });
});

describe('a trunk', () => {
  test('is known by the addresses that it names; one that is not enabled is nobody’s', async ({
    world,
    sipp,
    trunk,
  }) => {
    const from = { address: world.lab.sip.strangers, port: world.port() };
    const other = await trunk({ inboundAddresses: [`${from.address}/32`] });
    const subscriber = await world.subscriber();
    const phone = await phoneExpects(world, sipp, subscriber, 'answers');
    const carrier = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls', { from });
    await Promise.all([carrier.done, phone.done]);
    expect(await world.records(subscriber.extension)).toMatchObject([{ trunk: other.id }]);
    await other.change({ enabled: false });
    await expect
      .poll(() => world.console('pjsip show identifies'), { timeout: 10_000 })
      .not.toContain(from.address);
    const stranger = { from: { ...from, port: world.port() } };
    const refused = await carrierCalls(world, sipp, subscriber.number, 'carrier-call-refused', stranger);
    expect(finalAnswer(await refused.done)?.status).toBe(401);
  });
});
