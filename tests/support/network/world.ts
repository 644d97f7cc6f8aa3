import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, type Settings } from '@handset/gateway-config';
import type { TestProject } from 'vitest/node';
import { type Lab, startLab } from '../../../asterisk/lab/lab.ts';
import { repo } from '../../../asterisk/lab/places.ts';
import { describeLab, keepLogs } from '../lab.global.ts';
import { HOME_INTERFACE, Home } from './home.ts';
import { makeNamespace, type Namespace, ownNamespace } from './namespace.ts';
import { LAN, setPath, WAN } from './nat.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** For each worker PIDs of processes in its router's namespace and in its browser's, and the home's subnet. */
    readonly homes: readonly { readonly router: number; readonly browser: number; readonly subnet: number }[];
  }
}

/** The gateway's address, of a block for documentation (RFC 5737), where the tests' Internet is. */
export const GATEWAY_ADDRESS = '203.0.113.10';
/** What people type; nobody's DNS knows it (RFC 6761). */
export const PUBLIC_NAME = 'phone.test';
/** As many as `maxWorkers` of this part: files that run side by side, on the one lab. */
const HOMES = 2;
const FIRST_SUBNET = 77;

/** The lab and the homes of those who call, as {@link makeWorld} makes them. */
export interface World {
  readonly lab: Lab;
  readonly settings: Settings;
  readonly households: readonly Household[];
  /** Of the lab as well. Its data stays. */
  end(): Promise<void>;
}

/**
 * The world of the `network` tests, for a process in a network namespace of its own (`npm test` gives it one): this
 * process and the whole lab are on the Internet, the browser of each worker is in a home of its own, and between them is a
 * router, in a third namespace.
 * @param data of the lab, from the repository on
 */
export async function makeWorld(data: string): Promise<World> {
  const households = await makeNetwork();
  const settings = readSettings({
    HANDSET_DATA: data,
    HANDSET_BIND: GATEWAY_ADDRESS,
    HANDSET_PUBLIC_URL: `https://${PUBLIC_NAME}`,
    HANDSET_TLS: 'internal',
  });
  const leaveHomes = () => {
    for (const keeper of households.flatMap(({ keepers }) => keepers)) keeper.kill();
  };
  const lab = await startLab(settings, () => {}).catch((cause) => {
    leaveHomes();
    throw cause;
  });
  const end = async () => {
    await lab.stop();
    leaveHomes();
  };
  return { lab, settings, households, end };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const world = await makeWorld(`.handset/test/network-${process.pid}`);
  const { lab, settings, households } = world;
  project.provide(
    'labs',
    households.map(() => describeLab(lab, settings)),
  );
  project.provide(
    'homes',
    households.map(({ router, home }) => ({
      router: router.pid,
      browser: home.namespace.pid,
      subnet: home.subnet,
    })),
  );
  return async () => {
    await world.end();
    if (project.vitest.state.getCountOfFailedTests() > 0) await keepLogs(lab);
    await rm(join(repo, settings.HANDSET_DATA), { recursive: true, force: true });
  };
}

/** A home network with its router, and the processes that keep them. */
export interface Household {
  readonly router: Namespace;
  readonly home: Home;
  readonly keepers: readonly ChildProcess[];
}

async function makeNetwork(): Promise<readonly Household[]> {
  const gateway = ownNamespace;
  await gateway.ip('link', 'set', 'lo', 'up');
  const households: Household[] = [];
  for (let i = 0; i < HOMES; i += 1) households.push(await makeHousehold(gateway, i));
  return households;
}

/** The gateway's machine has a cable to each router, and one address. */
async function makeHousehold(gateway: Namespace, index: number): Promise<Household> {
  const { namespace: router, keeper } = await makeNamespace();
  const { namespace: browser, keeper: second } = await makeNamespace();
  const home = new Home(browser, FIRST_SUBNET + index);
  const [cable, outside] = [`eth${index}`, `203.0.113.${index + 1}`];
  await router.forward();
  await connect(gateway, cable, router, WAN, `${outside}/24`);
  if (index === 0) await gateway.ip('address', 'add', `${GATEWAY_ADDRESS}/24`, 'dev', cable);
  const from = ['dev', cable, 'src', GATEWAY_ADDRESS];
  await gateway.ip('route', 'add', `${outside}/32`, ...from);
  await gateway.ip('route', 'add', home.network, 'via', outside, ...from);
  if (index === 0) await gateway.ip('route', 'add', 'default', 'via', outside);
  await connect(browser, HOME_INTERFACE, router, LAN, `${home.router}/24`);
  await home.moveBack();
  await setPath(router, 'open');
  return { router, home, keepers: [keeper, second] };
}

/** A cable between a host and a router. */
async function connect(
  host: Namespace,
  hostInterface: string,
  router: Namespace,
  routerInterface: string,
  routerAddress: string,
): Promise<void> {
  const far = ['peer', 'name', routerInterface, 'netns', String(router.pid)];
  await host.ip('link', 'add', 'name', hostInterface, 'type', 'veth', ...far);
  await host.ip('link', 'set', hostInterface, 'up');
  await router.ip('address', 'add', routerAddress, 'dev', routerInterface);
  await router.ip('link', 'set', routerInterface, 'up');
}
