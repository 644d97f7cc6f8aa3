import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { describeLab, startOnFreePorts } from '../support/lab.global.ts';
import { inContainers } from '../support/lab-in-containers.ts';
import { until } from '../support/until.ts';
import { carrierCalls, carrierExpects, phoneCalls, phoneExpects, q850, registerPhone } from './calls.ts';
import { finalAnswer, received } from './trace.ts';
import { test as base, type Subscriber, World } from './world.ts';

/** Outside calls are refused within this time of the dialling, the announcement included. */
/** In no list of Handset's own. */
const OPERATORS_EMERGENCY = '10911';
const REFUSED_WITHIN_MS = 12_000;

let lab: Lab;
let theWorld: World;
let caller: Subscriber;
let called: Subscriber;
let deadTrunk: string;

/** What the stand-in was asked. */
interface Question {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** Takes the stopped server's place on the private listener, and answers every question alike. */
class StandIn {
  readonly asked: Question[] = [];
  readonly #server: Server;

  constructor(status: number, answer: string) {
    this.#server = createServer(async (request, response) => {
      this.asked.push({ body: await text(request), headers: request.headers });
      response.writeHead(status).end(answer);
    });
  }

  async listen(): Promise<void> {
    const { host, port } = lab.topology.internal;
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

const CARRIER_NUMBER = '+12125550142';
/** One attempt on a trunk, at the carrier that SIPp plays. */
const attempt = (trunk: string, more: object = {}) => ({
  trunk,
  uri: `sip:${CARRIER_NUMBER}@${theWorld.carrier.address}:${theWorld.carrier.port}`,
  callerId: '+12025550111',
  progressSeconds: 0,
  ask: false,
  ...more,
});
const allowed = () => ({
  decision: 'trunk',
  number: CARRIER_NUMBER,
  callerId: '+12025550111',
  callerName: 'Somebody',
  attempts: [attempt('trunk')],
  maxDurationMs: 60_000,
});

const test = base.extend<{ world: World; standIn: (answer: object, status?: number) => Promise<StandIn> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  standIn: async ({}, use) => {
    const all: StandIn[] = [];
    await use(async (answer, status = 200) => {
      const standIn = new StandIn(status, JSON.stringify(answer));
      all.push(standIn);
      await standIn.listen();
      return standIn;
    });
    for (const standIn of all) await standIn.close();
  },
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
  deadTrunk = await addDeadTrunk();
  await theWorld.api('PATCH', '/v1/calling-limits', { emergencyNumbers: ['911', OPERATORS_EMERGENCY] });
  await lab.programs.get('server')?.stop();
});

/** A trunk that comes first, and that nobody answers on. @returns its id */
async function addDeadTrunk(): Promise<string> {
  const { id } = await theWorld.api<{ id: string }>('POST', '/v1/trunks', {
    kind: 'address',
    name: 'Dead',
    hosts: [{ host: theWorld.carrier.address, port: theWorld.port() }],
    priority: 1,
  });
  await until('the dead trunk at the gateway', async () =>
    (await theWorld.console(`pjsip show endpoint ${id}`)).includes(`Endpoint:  ${id}`) ? true : undefined,
  );
  return id;
}

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

  test.for([
    ['known to the gateway', '911'],
    ['that operators have named', OPERATORS_EMERGENCY],
  ])(
    'an emergency call to a number %s goes out, past a trunk that is dead',
    async ([, number = ''], { world, sipp }) => {
      const before = await world.records(caller.extension);
      const carrier = await carrierExpects(world, sipp, 'answers');
      const phone = await phoneCalls(world, sipp, caller, number, 'phone-calls');
      const [invite] = received(await carrier.done, 'INVITE');
      await phone.done;
      expect(invite?.start).toContain(`sip:${number}@`);
      expect(invite?.header('From')).toContain(`<sip:${caller.number}@`);
      expect((await world.records(caller.extension, before.length + 1)).at(-1)).toMatchObject({
        attempts: `${deadTrunk} no-reply/trunk completed`,
      });
    },
  );

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

describe.skipIf(inContainers)('what the server decides', () => {
  test('is asked for with the gateway’s secret, in one question a call', async ({ world, sipp, standIn }) => {
    const server = await standIn(allowed());
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, caller, '(212)%20555-0142', 'phone-calls');
    await Promise.all([phone.done, carrier.done]);
    expect(server.asked).toHaveLength(1);
    const [question] = server.asked;
    const { internal } = JSON.parse(await readFile(join(lab.data, 'secrets.json'), 'utf8'));
    expect(question?.headers.authorization).toBe(`Bearer ${internal}`);
    expect(JSON.parse(question?.body ?? '')).toEqual({
      callId: expect.stringMatching(/^gateway-\d+\.\d+$/),
      extension: caller.extension,
      dialed: '(212) 555-0142',
    });
  });

  test('is done: number, caller ID and the longest duration', async ({ world, sipp, standIn }) => {
    await standIn({ ...allowed(), maxDurationMs: 1_500 });
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, caller, '5', 'phone-calls-and-is-hung-up-on');
    const messages = await phone.done;
    const [invite] = received(await carrier.done, 'INVITE');
    expect(invite?.start).toContain(`sip:${CARRIER_NUMBER}@`);
    expect(invite?.header('From')).toContain('"Somebody" <sip:+12025550111@');
    const answered = messages.find(({ method, status }) => method === 'INVITE' && status === 200)?.at ?? 0;
    const lasted = (received(messages, 'BYE')[0]?.at ?? 0) - answered;
    expect(lasted).toBeGreaterThan(1_400);
    expect(lasted).toBeLessThan(3_000);
  });

  test('is tried in its order: a trunk that fails is followed by the next', async ({
    world,
    sipp,
    standIn,
  }) => {
    await standIn({ ...allowed(), attempts: [attempt('nowhere'), attempt('trunk')] });
    const carrier = await carrierExpects(world, sipp, 'answers');
    const phone = await phoneCalls(world, sipp, caller, CARRIER_NUMBER, 'phone-calls');
    await Promise.all([phone.done, carrier.done]);
  });

  test('is not tried again where the called party is busy', async ({ world, sipp, standIn }) => {
    await standIn({ ...allowed(), attempts: [attempt('trunk'), attempt('nowhere')] });
    const carrier = await carrierExpects(world, sipp, 'refuses', { keys: { status: 486 } });
    const phone = await phoneCalls(world, sipp, caller, CARRIER_NUMBER, 'phone-call-refused');
    expect(finalAnswer(await phone.done)?.status).toBe(486);
    await carrier.done;
  });

  test.for([
    {
      what: 'a refusal',
      answer: { decision: 'refuse', reason: 'not-permitted' },
      status: 200,
      ends: [403, 21],
    },
    {
      what: 'a limit of the user’s',
      answer: { decision: 'refuse', reason: 'minutes-used-up' },
      status: 200,
      ends: [403, 52],
    },
    {
      what: 'a limit of the house',
      answer: { decision: 'refuse', reason: 'lines-busy' },
      status: 200,
      ends: [503, 34],
    },
    { what: 'a fault', answer: { title: 'Internal Server Error' }, status: 500, ends: [503, 41] },
    { what: 'a decision nobody knows', answer: { decision: 'maybe' }, status: 200, ends: [503, 41] },
  ])('ends the call where it is $what', async ({ answer, status, ends }, { world, sipp, standIn }) => {
    await standIn(answer, status);
    const phone = await phoneCalls(world, sipp, caller, CARRIER_NUMBER, 'phone-call-refused');
    const final = finalAnswer(await phone.done);
    expect([final?.status, q850(final)]).toEqual(ends);
  });
});
