import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { describeLab, startOnFreePorts } from '../support/lab.global.ts';
import { inContainers } from '../support/lab-in-containers.ts';
import { findPitch } from '../support/pitch.ts';
import { phoneCalls, phoneExpects } from './calls.ts';
import { RtpPeer } from './rtp-peer.ts';
import type { ScenarioRun } from './run-scenario.ts';
import { answers, finalAnswer, received } from './trace.ts';
import { test as base, type Sipp, type Subscriber, World } from './world.ts';

const PHONE_HERTZ = 700;
const PRECISION_HERTZ = 4;

let lab: Lab;
let theWorld: World;

const test = base.extend<{ world: World; peer: RtpPeer; subscriber: Subscriber }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  world: async ({}, use) => {
    await use(theWorld);
  },
  peer: async ({ world }, use) => {
    const peer = await RtpPeer.at(world.lab.sip.phones);
    await use(peer);
    peer.close();
  },
  subscriber: async ({ world }, use) => {
    await use(await world.subscriber());
  },
});

beforeAll(async () => {
  const started = await startOnFreePorts('carrier');
  lab = started.lab;
  const { host: address, port } = lab.topology.trunk;
  theWorld = new World({ ...describeLab(lab, started.settings), trunk: { address, port } });
});

afterAll(async () => {
  await lab.stop();
  await rm(lab.data, { recursive: true, force: true });
});

/** Calls a test number and waits for the answer; `peer` sends where the gateway wants it. */
async function callAnswered(
  world: World,
  sipp: Sipp,
  caller: Subscriber,
  number: string,
  peer: RtpPeer,
  pauseMs: number,
): Promise<ScenarioRun> {
  const options = { keys: { rtp: peer.port }, pauseMs };
  const call = await phoneCalls(world, sipp, caller, number, 'phone-calls', options);
  const answer = await call.message(({ method, status }) => method === 'INVITE' && status === 200);
  peer.sendTo(answer.body);
  return call;
}

async function expectPitch(peer: RtpPeer, hertz: number): Promise<void> {
  const pitch = findPitch(await peer.listen(0.5));
  expect(Math.abs((pitch?.hertz ?? 0) - hertz)).toBeLessThan(PRECISION_HERTZ);
}

describe.skipIf(inContainers)('the simulated carrier', () => {
  test('0100 echoes', async ({ world, sipp, peer, subscriber }) => {
    const call = await callAnswered(world, sipp, subscriber, '+12025550100', peer, 1_500);
    peer.sendTone(PHONE_HERTZ);
    await expectPitch(peer, PHONE_HERTZ);
    await call.done;
  });

  test('0101 is a tone of 1004 Hz', async ({ world, sipp, peer, subscriber }) => {
    const call = await callAnswered(world, sipp, subscriber, '+12025550101', peer, 1_500);
    await expectPitch(peer, 1_004);
    await call.done;
  });

  test.for([
    { last: '0102', status: 486 },
    { last: '0108', status: 503 },
  ])('$last ends with $status', async ({ last, status }, { world, sipp, subscriber }) => {
    const call = await phoneCalls(world, sipp, subscriber, `+1202555${last}`, 'phone-call-refused');
    expect(finalAnswer(await call.done)?.status).toBe(status);
  });

  test('0103 rings and is not answered', async ({ world, sipp, subscriber }) => {
    const call = await phoneCalls(world, sipp, subscriber, '+12025550103', 'phone-cancels');
    expect(answers(await call.done)).toContain(180);
  });

  test('0104 makes its announcement before the answer, then ends with 404', async ({
    world,
    sipp,
    peer,
    subscriber,
  }) => {
    const options = { keys: { rtp: peer.port } };
    const call = await phoneCalls(world, sipp, subscriber, '+12025550104', 'phone-call-refused', options);
    const announcement = await peer.listen(0.5);
    expect(findPitch(announcement)).toBeDefined();
    const messages = await call.done;
    expect(answers(messages).filter((status) => status > 100)).toEqual([401, 183, 404]);
  });

  test('0105 sends back each digit', async ({ world, sipp, peer, subscriber }) => {
    const call = await callAnswered(world, sipp, subscriber, '+12025550105', peer, 5_000);
    for (const [index, key] of [...'1590*#'].entries()) {
      await peer.sendKeys(key);
      await peer.until(({ keys }) => keys.length > index);
    }
    expect(peer.keys).toBe('1590*#');
    await call.done;
  });

  test('0106 hangs up after three seconds', async ({ world, sipp, subscriber }) => {
    const call = await phoneCalls(world, sipp, subscriber, '+12025550106', 'phone-calls-and-is-hung-up-on');
    const messages = await call.done;
    const answered = messages.find(({ method, status }) => method === 'INVITE' && status === 200)?.at ?? 0;
    const [bye] = received(messages, 'BYE');
    expect((bye?.at ?? 0) - answered).toBeGreaterThan(2_900);
    expect((bye?.at ?? 0) - answered).toBeLessThan(4_000);
  });

  test('0107 declines, then calls back', async ({ world, sipp, subscriber }) => {
    const call = await phoneCalls(world, sipp, subscriber, '+12025550107', 'phone-call-refused');
    expect(finalAnswer(await call.done)?.status).toBe(603);
    const calledBack = await phoneExpects(world, sipp, subscriber, 'answers-and-hangs-up');
    const [invite] = received(await calledBack.done, 'INVITE');
    expect(invite?.header('From')).toContain('<sip:+12025550107@');
  });

  test('any other number answers and speaks the digits', async ({ world, sipp, peer, subscriber }) => {
    const call = await callAnswered(world, sipp, subscriber, '+442079460018', peer, 2_500);
    expect(findPitch(await peer.listen(1.5))).toBeDefined();
    expect(answers(await call.done)).toContain(180);
  });

  test('a call that `npm run ring` places reaches the phone with the caller’s number', async ({
    world,
    sipp,
    subscriber,
  }) => {
    const phone = await phoneExpects(world, sipp, subscriber, 'answers-and-hangs-up', { pauseMs: 500 });
    await world.console(
      `channel originate Local/${subscriber.number}*+12125550177@ring/n extension s@talk`,
      'pstn',
    );
    const [invite] = received(await phone.done, 'INVITE');
    expect(invite?.header('From')).toContain('<sip:+12125550177@');
  });
});
