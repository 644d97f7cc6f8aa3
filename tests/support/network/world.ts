import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings } from '@handset/gateway-config';
import type { TestProject } from 'vitest/node';
import { startLab } from '../../../asterisk/lab/lab.ts';
import { repo } from '../../../asterisk/lab/places.ts';
import { describeLab, keepLogs } from '../lab.global.ts';
import { HOME, moveTo, ROUTER_INSIDE } from './home.ts';
import { makeNamespace, type Namespace, ownNamespace } from './namespace.ts';
import { LAN, setPath, WAN } from './nat.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** PIDs of processes in the router's namespace and in the browser's. */
    readonly network: { readonly router: number; readonly browser: number };
  }
}

/** The gateway's address, of a block for documentation (RFC 5737), where the tests' Internet is. */
export const GATEWAY_ADDRESS = '203.0.113.10';
/** What people type; nobody's DNS knows it (RFC 6761). */
export const PUBLIC_NAME = 'phone.test';
const ROUTER_OUTSIDE = '203.0.113.1';

/**
 * The world of the `network` tests: this process and the whole lab are on the Internet, in the namespace that
 * `npm test` gave us; the browser is in a home of its own; between them is a router, in a third.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { router, browser, keepers } = await makeNetwork();
  const settings = readSettings({
    HANDSET_DATA: `.handset/test/network-${process.pid}`,
    HANDSET_BIND: GATEWAY_ADDRESS,
    HANDSET_PUBLIC_URL: `https://${PUBLIC_NAME}`,
    HANDSET_TLS: 'internal',
  });
  const end = () => {
    for (const keeper of keepers) keeper.kill();
  };
  const lab = await startLab(settings, () => {}).catch((cause) => {
    end();
    throw cause;
  });
  project.provide('labs', [describeLab(lab, settings)]);
  project.provide('network', { router: router.pid, browser: browser.pid });
  return async () => {
    await lab.stop();
    if (project.vitest.state.getCountOfFailedTests() > 0) await keepLogs(lab);
    await rm(join(repo, settings.HANDSET_DATA), { recursive: true, force: true });
    end();
  };
}

async function makeNetwork(): Promise<{ router: Namespace; browser: Namespace; keepers: ChildProcess[] }> {
  const gateway = ownNamespace;
  await gateway.ip('link', 'set', 'lo', 'up');
  const { namespace: router, keeper } = await makeNamespace();
  const { namespace: browser, keeper: second } = await makeNamespace();
  await router.forward();
  await connect(gateway, 'eth0', `${GATEWAY_ADDRESS}/24`, router, WAN, `${ROUTER_OUTSIDE}/24`);
  await connect(browser, HOME.interface, `${HOME.address}/24`, router, LAN, `${ROUTER_INSIDE}/24`);
  await gateway.ip('route', 'add', 'default', 'via', ROUTER_OUTSIDE);
  await moveTo(browser, HOME.address);
  await setPath(router, 'open');
  return { router, browser, keepers: [keeper, second] };
}

/** A cable between a host and the router. */
async function connect(
  host: Namespace,
  hostInterface: string,
  hostAddress: string,
  router: Namespace,
  routerInterface: string,
  routerAddress: string,
): Promise<void> {
  const far = ['peer', 'name', routerInterface, 'netns', String(router.pid)];
  await host.ip('link', 'add', 'name', hostInterface, 'type', 'veth', ...far);
  await host.ip('address', 'add', hostAddress, 'dev', hostInterface);
  await host.ip('link', 'set', hostInterface, 'up');
  await router.ip('address', 'add', routerAddress, 'dev', routerInterface);
  await router.ip('link', 'set', routerInterface, 'up');
}
