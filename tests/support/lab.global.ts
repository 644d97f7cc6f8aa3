import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PortPlan, portPlan, readSettings, type Settings, topology } from '@handset/gateway-config';
import type { TestProject } from 'vitest/node';
import type { DemoUser } from '../../asterisk/lab/demo.ts';
import { type Lab, startLab } from '../../asterisk/lab/lab.ts';
import { repo } from '../../asterisk/lab/places.ts';
import { portsInUse } from '../../asterisk/lab/ports-free.ts';
import { inContainers, takeStack } from './lab-in-containers.ts';

/** What a test knows of the lab that it runs against; ask for it with `inject('lab')`. */
export interface LabUnderTest {
  readonly url: string;
  readonly apiKey: string;
  readonly users: readonly DemoUser[];
  readonly data: string;
  readonly ports: PortPlan;
  /** Where the gateway sends outside calls, when it is not the simulated carrier. */
  readonly trunk: { readonly address: string; readonly port: number } | undefined;
  /** The API's origin, past the page's. */
  readonly api: string;
  /** PostgreSQL's address; SQLite in `data` where there is none. */
  readonly database: string | undefined;
  /** The gateway's address for SIP, and those that SIPp has for whom it plays besides the carrier. */
  readonly sip: { readonly gateway: string; readonly phones: string; readonly strangers: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly lab: LabUnderTest;
  }
}

const FIRST_PORT = 18_000;
const LAST_PORT = 18_990;
/** In the `sipp` tests each has a loopback address of its own: the gateway knows the carrier by its address alone. */
const SIPP_CARRIER = '127.0.0.20';
const SIPP_PHONES = '127.0.0.30';
const SIPP_STRANGERS = '127.0.0.66';

/** Starts a lab of the tests' own, on free ports and on a data directory of its own, for one run of one part. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (inContainers) {
    const { lab, release } = await takeStack();
    project.provide('lab', lab);
    return release;
  }
  const { lab, settings } = await startOnFreePorts(project.name);
  const described = describeLab(lab, settings);
  project.provide('lab', project.name === 'sipp' ? described : { ...described, trunk: undefined });
  return async () => {
    await lab.stop();
    const failed = project.vitest.state.getCountOfFailedTests() > 0;
    if (failed) await keepLogs(lab);
    await rm(lab.data, { recursive: true, force: true });
  };
}

/** What a test may know of a lab that {@link startOnFreePorts} started. */
export function describeLab({ data, description, topology }: Lab, settings: Settings): LabUnderTest {
  return {
    ...description,
    data,
    ports: portPlan(settings.HANDSET_PORT),
    trunk: { address: topology.trunk.host, port: topology.trunk.port },
    api: `http://${topology.api.host}:${topology.api.port}`,
    database: undefined,
    sip: { gateway: topology.gatewaySip.host, phones: SIPP_PHONES, strangers: SIPP_STRANGERS },
  };
}

/** Starts a lab on the next free block of ports, with a data directory named after `name`. */
export async function startOnFreePorts(name: string): Promise<{ lab: Lab; settings: Settings }> {
  // Spread out by PID, so that runs side by side seldom try the same block first.
  const blocks = (LAST_PORT - FIRST_PORT) / 10;
  for (let i = 0; i < blocks; i++) {
    const port = FIRST_PORT + ((process.pid + i) % blocks) * 10;
    const settings = readSettings({
      HANDSET_PORT: String(port),
      HANDSET_DATA: `.handset/test/${name}-${port}`,
      HANDSET_TRUNK: name === 'sipp' ? `${SIPP_CARRIER}:${portPlan(port).pstnSip}` : undefined,
    });
    if ((await portsInUse(topology(settings, 'native'))).length > 0) continue;
    await rm(join(repo, settings.HANDSET_DATA), { recursive: true, force: true });
    return { lab: await startLab(settings, () => {}), settings };
  }
  throw new Error(`no free block of ports from ${FIRST_PORT} to ${LAST_PORT}`);
}

/** Keeps what the programs of a lab logged. */
export async function keepLogs(lab: Lab): Promise<void> {
  const kept = join(repo, '.handset/test/failed', `${new Date().toISOString().replaceAll(':', '-')}`);
  await mkdir(kept, { recursive: true });
  await cp(join(lab.data, 'log'), kept, { recursive: true });
  process.stderr.write(`\nThe logs of the lab whose tests failed are in ${kept}\n`);
}
