import { expect } from 'vitest';
import { registerPhone } from './calls.ts';
import { type Phone, type Sipp, test, type World } from './world.ts';

/** As many as the setting's default bans for. */
const FAILURES = 20;

interface Ban {
  readonly id: string;
  readonly address: string;
  readonly failures: number;
}

async function fails(world: World, sipp: Sipp, extension: string, { at }: Pick<Phone, 'at'>): Promise<void> {
  const keys = { extension, user: 'phguessed', password: 'guessed' };
  const many = { calls: FAILURES, rate: 2 * FAILURES };
  const run = await sipp({ name: 'register-refused', at, to: world.gateway, keys, ...many });
  await run.done;
}

function stranger(world: World): Pick<Phone, 'at'> {
  return { at: { address: world.lab.sip.strangers, port: world.port() } };
}

async function banOf(world: World, address: string): Promise<Ban | undefined> {
  const { bans } = await world.api<{ bans: Ban[] }>('GET', `/v1/bans?address=${address}`);
  return bans[0];
}

async function lift(world: World, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${world.lab.apiKey}` };
  return (await fetch(`${world.lab.api}/v1/bans/${id}`, { method: 'DELETE', headers })).status;
}

/** Whether a scenario goes as written. Nobody stays registered by it. */
const goes = async (world: World, sipp: Sipp, name: string, extension: string, phone: Phone) => {
  const { user, password } = phone;
  const keys = { extension, user, password, expires: 0 };
  const run = await sipp({ name, at: { ...phone.at, port: world.port() }, to: world.gateway, keys });
  return run.done.then(
    () => true,
    () => false,
  );
};

test('too many wrong passwords ban the address until the ban is lifted, and no other address', async ({
  world,
  sipp,
}) => {
  const { extension, phone } = await world.subscriber();
  const there = { ...phone, ...stranger(world) };
  await fails(world, sipp, extension, there);
  await expect.poll(() => banOf(world, there.at.address)).toMatchObject({ failures: FAILURES });
  // Not even the right password is asked for.
  await expect.poll(() => goes(world, sipp, 'register-banned', extension, there)).toBe(true);
  expect(await goes(world, sipp, 'register', extension, phone)).toBe(true);
  const { id = '' } = (await banOf(world, there.at.address)) ?? {};
  expect(await lift(world, id)).toBe(204);
  expect(await banOf(world, there.at.address)).toBeUndefined();
  await expect.poll(() => goes(world, sipp, 'register', extension, there)).toBe(true);
  expect(await lift(world, id)).toBe(404);
});

test('who guesses from an address with a registered phone does not lock that phone out', async ({
  world,
  sipp,
}) => {
  const { extension, phone } = await world.subscriber();
  await registerPhone(world, sipp, extension, phone);
  await fails(world, sipp, extension, { at: { ...phone.at, port: world.port() } });
  // The server works failures off in their order: when this one is banned, the other would be.
  const other = stranger(world);
  await fails(world, sipp, extension, other);
  await expect.poll(() => banOf(world, other.at.address)).toBeDefined();
  expect(await banOf(world, phone.at.address)).toBeUndefined();
  await registerPhone(world, sipp, extension, phone);
  const { id = '' } = (await banOf(world, other.at.address)) ?? {};
  expect(await lift(world, id)).toBe(204);
});

test('the gateway keeps its access list in memory, also when nobody is banned', async ({ world, sipp }) => {
  const { extension, phone } = await world.subscriber();
  await registerPhone(world, sipp, extension, phone);
  expect(await world.console('sorcery memory cache show bans')).toContain('objects within cache: 1');
});
