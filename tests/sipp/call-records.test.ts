import { describe, expect } from 'vitest';
import { inContainers } from '../support/lab-in-containers.ts';
import { keepServerDown } from '../support/server-outage.ts';
import { until } from '../support/until.ts';
import { carrierCalls, carrierExpects, phoneCalls, phoneExpects } from './calls.ts';
import { RtpPeer } from './rtp-peer.ts';
import { test, type World } from './world.ts';

const NUMBER = '+12125550142';
/** Of both kinds as many: those that the server let through, and those that need no server. */
const HALF = 100;
const A_SECOND = 25;
/** Asked of the gateway at a time when the machine is busy with all those calls. */
const PATIENCE_MS = 30_000;

/** Waits until so many of the gateway's calls were answered and are up. */
function callsUp(world: World, count: number): Promise<true> {
  return until(
    `${count} calls`,
    async () => {
      const channels = await world.console('core show channels concise');
      return channels.split('\n').filter((line) => line.includes('!Up!')).length >= 2 * count || undefined;
    },
    PATIENCE_MS,
  );
}

describe.skipIf(inContainers)('when the server is killed in the middle of 200 calls', () => {
  test('200 records are there, each with both its legs', { timeout: 120_000 }, async ({
    world,
    sipp,
    onTestFinished,
  }) => {
    const subscriber = await world.subscriber();
    const each = { calls: HALF, rate: A_SECOND };
    const carrier = await carrierExpects(world, sipp, 'answers', each);
    const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls-and-is-hung-up-on', each);
    await callsUp(world, HALF);
    const desk = { ...subscriber, phone: await world.phone(subscriber.userId) };
    const answering = await phoneExpects(world, sipp, desk, 'answers', each);
    const calling = await carrierCalls(world, sipp, subscriber.number, 'carrier-calls', {
      ...each,
      pauseMs: 1_000,
    });
    await callsUp(world, HALF + 10);
    const letItStart = keepServerDown(world.lab.data);
    onTestFinished(async () => {
      letItStart();
      const answers = () => fetch(`${world.lab.api}/healthz`).then(({ ok }) => ok || undefined);
      await until('the server', () => answers().catch(() => undefined));
    });
    await Promise.all([calling.done, answering.done]);
    await world.console('channel request hangup all');
    await Promise.all([phone.done, carrier.done]);

    const records = await world.records(subscriber.extension, 2 * HALF);
    expect(records).toHaveLength(2 * HALF);
    expect(records.filter(({ reason }) => reason !== 'completed')).toEqual([]);
    expect(records.filter(({ direction }) => direction === 'inbound')).toHaveLength(HALF);
    const [legs] = await world.query<{ count: number }>(
      'SELECT count(*) AS count FROM call_legs JOIN call_records USING (call_id) WHERE extension = ?',
      [subscriber.extension],
    );
    expect(legs?.count).toBe(4 * HALF);
    // Nobody's limit counts them as up any more.
    const left = await world.query('SELECT call_id FROM leases WHERE user_id = ? AND ended_at IS NULL', [
      subscriber.userId,
    ]);
    expect(left).toEqual([]);
  });
});

test('what the gateway received of each end is in the record: packets, loss and codec', async ({
  world,
  sipp,
}) => {
  const subscriber = await world.subscriber();
  const peers = [await RtpPeer.at(world.lab.sip.phones), await RtpPeer.at(world.carrier.address)] as const;
  const [phonePeer, carrierPeer] = peers;
  const carrier = await carrierExpects(world, sipp, 'answers', { keys: { rtp: carrierPeer.port } });
  const phone = await phoneCalls(world, sipp, subscriber, NUMBER, 'phone-calls', {
    pauseMs: 5_000,
    keys: { rtp: phonePeer.port },
  });
  const answer = await phone.message(({ method, status }) => method === 'INVITE' && status === 200);
  phonePeer.sendTo(answer.body);
  phonePeer.sendTone(700, 10);
  const invite = await carrier.message(({ method, status }) => method === 'INVITE' && status === 0);
  carrierPeer.sendTo(invite.body);
  carrierPeer.sendTone(1_100);
  await Promise.all([phone.done, carrier.done]);
  for (const peer of peers) peer.close();
  const { codec, quality } = await until('the record with both its legs', async () => {
    const { callRecords } = await world.api<{ callRecords: [CallRecord?] }>(
      'GET',
      `/v1/call-records?extension=${subscriber.extension}&codec=PCMU&minLossPercent=5`,
    );
    return callRecords[0]?.quality.other ? callRecords[0] : undefined;
  });
  expect([codec, quality.gateway.codec, quality.other?.codec]).toEqual(['PCMU', 'PCMU', 'PCMU']);
  expect(quality.gateway.packetsReceived).toBeGreaterThan(150);
  expect(quality.gateway.lossPercent).toBeGreaterThan(5);
  expect(quality.gateway.lossPercent).toBeLessThan(15);
  expect(quality.other).toMatchObject({ lossPercent: 0, mos: expect.any(Number) });
  expect(quality.gateway.mos).toBeLessThan(quality.other?.mos ?? 0);
});

interface CallRecord {
  readonly codec: string;
  readonly quality: { readonly gateway: Measured; readonly other: Measured | null };
}

interface Measured {
  readonly codec: string;
  readonly packetsReceived: number;
  readonly lossPercent: number;
  readonly mos: number;
}
