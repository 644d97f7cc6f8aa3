import { expect } from 'vitest';
import { carrierExpects, phoneCalls } from './calls.ts';
import { answers } from './trace.ts';
import { test } from './world.ts';

const CALLS = 50;
const A_SECOND = 10;

test('fifty calls at ten a second all clear, and leave no channel and fifty records', async ({
  world,
  sipp,
}) => {
  const subscriber = await world.subscriber();
  const options = { calls: CALLS, rate: A_SECOND, pauseMs: 500 };
  const carrier = await carrierExpects(world, sipp, 'answers', options);
  const phone = await phoneCalls(world, sipp, subscriber, '+12125550142', 'phone-calls', options);
  const [messages] = await Promise.all([phone.done, carrier.done]);
  expect(answers(messages).filter((status) => status === 200)).toHaveLength(CALLS);
  expect(await world.channelsLeft()).toEqual([]);
  expect(await world.console('core show channels')).toMatch(/^0 active channels$/m);
  const records = await world.records(subscriber.extension, CALLS);
  expect(records).toHaveLength(CALLS);
  expect(records.filter(({ reason }) => reason !== 'completed')).toEqual([]);
});
