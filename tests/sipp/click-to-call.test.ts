import { expect } from 'vitest';
import { carrierExpects, phoneExpects } from './calls.ts';
import { test, type World } from './world.ts';

interface Call {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly user: { readonly id: string } | null;
}

const place = (world: World, body: object) => world.api<Call>('POST', '/v1/calls', body);

async function active(world: World, id: string): Promise<Call | undefined> {
  const { calls } = await world.api<{ calls: Call[] }>('GET', '/v1/calls');
  return calls.find((call) => call.id === id);
}

async function hangUp(world: World, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${world.lab.apiKey}` };
  return (await fetch(`${world.lab.api}/v1/calls/${id}`, { method: 'DELETE', headers })).status;
}

test('rings the user’s phone with the number to be called, and then calls that from their number', async ({
  world,
  sipp,
}) => {
  const subscriber = await world.subscriber();
  const phone = await phoneExpects(world, sipp, subscriber, 'answers');
  const carrier = await carrierExpects(world, sipp, 'answers');
  const call = await place(world, { userId: subscriber.userId, to: '(212) 555-0142' });
  expect(call).toMatchObject({ state: 'ringing', number: '+12125550142' });
  const rung = await phone.message(({ method }) => method === 'INVITE');
  expect(rung.header('From')).toContain('+12125550142');
  const invited = await carrier.message(({ method }) => method === 'INVITE');
  expect(invited.start).toContain('2125550142');
  expect(invited.header('From')).toContain(subscriber.number.slice(1));
  await carrier.message(({ method }) => method === 'ACK');
  await expect
    .poll(() => active(world, call.id))
    .toMatchObject({
      state: 'answered',
      number: '+12125550142',
      user: { id: subscriber.userId },
    });
  expect(await hangUp(world, call.id)).toBe(204);
  await Promise.all([phone.done, carrier.done]);
  const records = await world.records(subscriber.extension);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    call_id: call.id,
    direction: 'outbound',
    number: '+12125550142',
    own_number: subscriber.number,
    credential: subscriber.phone.user,
    reason: 'completed',
  });
  expect(await world.channelsLeft()).toEqual([]);
});

test('calls nobody when the phone declines, and says so in the record', async ({ world, sipp }) => {
  const subscriber = await world.subscriber();
  const phone = await phoneExpects(world, sipp, subscriber, 'refuses', { keys: { status: 603 } });
  const call = await place(world, { extension: subscriber.extension, to: '+12125550142' });
  await phone.done;
  const [record] = await world.records(subscriber.extension);
  expect(record).toMatchObject({ call_id: call.id, reason: 'declined', number: '+12125550142', trunk: null });
  expect(await active(world, call.id)).toBeUndefined();
  expect(await world.channelsLeft()).toEqual([]);
});

test('calls another extension in the same way', async ({ world, sipp }) => {
  const [caller, called] = await Promise.all([world.subscriber(), world.subscriber()]);
  const phone = await phoneExpects(world, sipp, caller, 'answers');
  const other = await phoneExpects(world, sipp, called, 'answers');
  const call = await place(world, { userId: caller.userId, to: called.extension });
  const rung = await other.message(({ method }) => method === 'INVITE');
  expect(rung.header('From')).toContain(`:${caller.extension}@`);
  await other.message(({ method }) => method === 'ACK');
  expect(await hangUp(world, call.id)).toBe(204);
  await Promise.all([phone.done, other.done]);
  const [record] = await world.records(caller.extension);
  expect(record).toMatchObject({ call_id: call.id, direction: 'internal', number: called.extension });
});
