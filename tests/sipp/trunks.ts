import { until } from '../support/until.ts';
import type { Address } from './run-scenario.ts';
import { test as base, type World } from './world.ts';

export interface TestTrunk {
  readonly id: string;
  /** Where SIPp plays its carrier. */
  readonly at: Address;
  change(change: object): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a trunk that is tried before the first one, on a free port of the carrier's address; gone with the test. */
export type MakeTrunk = (more?: object) => Promise<TestTrunk>;

export const test = base.extend<{ trunk: MakeTrunk }>({
  trunk: async ({ world }, use) => {
    const made: TestTrunk[] = [];
    await use(async (more = {}) => {
      const trunk = await makeTrunk(world, more);
      made.push(trunk);
      return trunk;
    });
    for (const trunk of made) await trunk.remove();
  },
});

async function makeTrunk(world: World, more: object): Promise<TestTrunk> {
  const at = { address: world.carrier.address, port: world.port() };
  const { id } = await world.api<{ id: string }>('POST', '/v1/trunks', {
    kind: 'address',
    name: 'Carrier of a test',
    hosts: [{ host: at.address, port: at.port }],
    priority: 1,
    // SIPp takes any request for the beginning of its call.
    optionsIntervalSeconds: 0,
    progressSeconds: 1,
    ...more,
  });
  await knownToGateway(world, id);
  return {
    id,
    at,
    change: async (change) => void (await world.api('PATCH', `/v1/trunks/${id}`, change)),
    remove: async () => {
      const headers = { authorization: `Bearer ${world.lab.apiKey}` };
      await fetch(`${world.lab.api}/v1/trunks/${id}`, { method: 'DELETE', headers });
      await until(`the gateway without the trunk ${id}`, async () =>
        (await world.console(`pjsip show endpoint ${id}`)).includes('Unable to find') ? true : undefined,
      );
    },
  };
}

async function knownToGateway(world: World, id: string): Promise<void> {
  await until(`the trunk ${id} at the gateway`, async () =>
    (await world.console(`pjsip show endpoint ${id}`)).includes(`Endpoint:  ${id}`) ? true : undefined,
  );
}

/** What the call record of an extension's last call says of its attempts. */
export async function attemptsOf(world: World, extension: string): Promise<string | null> {
  const records = await world.records(extension);
  return records.at(-1)?.attempts ?? null;
}
