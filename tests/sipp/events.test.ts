import { expect, onTestFinished } from 'vitest';
import { EventStream } from '../support/event-stream.ts';
import { carrierExpects, phoneCalls, registerPhone } from './calls.ts';
import { test, type World } from './world.ts';

/** Through the page's origin, as programs elsewhere read it: nothing in between may hold events back. */
async function listen(world: World, lastId?: string): Promise<EventStream> {
  const stream = await EventStream.open(`${world.lab.url}/v1/events`, world.lab.apiKey, lastId);
  onTestFinished(() => stream.close());
  return stream;
}

test('the stream tells of an outgoing call as it rings, is answered and ends', async ({ world, sipp }) => {
  const subscriber = await world.subscriber();
  const stream = await listen(world);
  const carrier = await carrierExpects(world, sipp, 'answers');
  const phone = await phoneCalls(world, sipp, subscriber, '+12125550142', 'phone-calls', { pauseMs: 300 });
  const own = ({ extension }: { extension?: unknown }) => extension === subscriber.extension;
  const ringing = await stream.next('call.ringing', own);
  expect(ringing.data).toMatchObject({
    state: 'ringing',
    direction: 'outbound',
    number: '+12125550142',
    ownNumber: subscriber.number,
    user: { id: subscriber.userId },
  });
  const { id } = ringing.data;
  const ofIt = (data: { id?: unknown }) => data.id === id;
  expect((await stream.next('call.answered', ofIt)).data).toMatchObject({ id, state: 'answered' });
  await Promise.all([phone.done, carrier.done]);
  const ended = await stream.next('call.ended', ofIt);
  expect(ended.data).toMatchObject({ id, reason: 'completed', direction: 'outbound' });
  const types = stream.events.filter(({ data }) => ofIt(data)).map(({ type }) => type);
  expect(types).toEqual(['call.ringing', 'call.answered', 'call.ended']);
});

test('a call that is refused is told when it ends', async ({ world, sipp }) => {
  const subscriber = await world.subscriber();
  const stream = await listen(world);
  const keys = { status: 404 };
  const run = await phoneCalls(world, sipp, subscriber, '9998', 'phone-call-refused', { keys });
  await run.done;
  const ended = await stream.next('call.ended', ({ extension }) => extension === subscriber.extension);
  expect(ended.data).toMatchObject({ reason: 'number-not-found', number: '9998' });
});

test('the stream tells of registrations, and a reader that comes back gets what it missed', async ({
  world,
  sipp,
}) => {
  const subscriber = await world.subscriber();
  const { extension, phone } = subscriber;
  const own = (data: { extension?: unknown }) => data.extension === extension;
  const before = await listen(world);
  await registerPhone(world, sipp, extension, phone);
  const registered = await before.next('device.registered', own);
  expect(registered.data).toMatchObject({ user: { id: subscriber.userId }, deviceId: null });
  before.close();
  await before.ended;
  const { user, password } = phone;
  const keys = { extension, user, password, expires: 0 };
  await (await sipp({ name: 'register', at: phone.at, to: world.gateway, keys })).done;
  const after = await listen(world, registered.id);
  const gone = await after.next('device.unregistered', own);
  expect(after.events.map(({ type }) => type)).not.toContain('reset');
  expect(gone.data).toEqual(registered.data);
});
