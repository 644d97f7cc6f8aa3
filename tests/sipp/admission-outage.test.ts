import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { describeLab, startOnFreePorts } from '../support/lab.global.ts';
import { inContainers } from '../support/lab-in-containers.ts';
import { carrierCalls, carrierExpects, phoneCalls, phoneExpects, q850, registerPhone } from './calls.ts';
import { finalAnswer } from './trace.ts';
import { test as base, type Subscriber, World } from './world.ts';

/** Outside calls are refused within this time of the dialling, the announcement included. */
const REFUSED_WITHIN_MS = 12_000;

let lab: Lab;
let theWorld: World;
let caller: Subscriber;
let called: Subscriber;

const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  world: async ({}, use) => {
    await use(theWorld);
  },
});

beforeAll(async () => {
  const started = await startOnFreePorts('sipp');
  lab = started.lab;
  theWorld = new World(describeLab(lab, started.settings));
  [caller, called] = await Promise.all([theWorld.subscriber(), theWorld.subscriber()]);
  await lab.programs.get('server')?.stop();
});

afterAll(async () => {
  await lab.stop();
  await rm(lab.data, { recursive: true, force: true });
});

// From inside a container the server can't be stopped.
describe.skipIf(inContainers)('with the server down', () => {
  test('an outside call is refused, and no call reaches the carrier', async ({ world, sipp }) => {
    const started = Date.now();
    const phone = await phoneCalls(world, sipp, caller, '+12125550142', 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    expect({ status: final?.status, cause: q850(final) }).toEqual({ status: 503, cause: 41 });
    expect(Date.now() - started).toBeLessThan(REFUSED_WITHIN_MS);
    expect(await world.records(caller.extension)).toMatchObject([
      { reason: 'admission-unavailable', trunk: null },
    ]);
  });

  test('an emergency call goes out', async ({ world, sipp }) => {
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, caller, '911', 'phone-calls');
    await Promise.all([phone.done, carrier.done]);
  });

  test('a phone registers, and a call from the carrier reaches it', async ({ world, sipp }) => {
    const phone = await phoneExpects(world, sipp, called, 'answers');
    const carrier = await carrierCalls(world, sipp, called.number, 'carrier-calls');
    await Promise.all([carrier.done, phone.done]);
  });

  test('extensions call each other', async ({ world, sipp }) => {
    const phone = await phoneExpects(world, sipp, called, 'answers');
    await registerPhone(world, sipp, caller.extension, caller.phone);
    const call = await phoneCalls(world, sipp, caller, called.extension, 'phone-calls');
    await Promise.all([call.done, phone.done]);
  });
});
