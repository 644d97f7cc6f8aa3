import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PortPlan, portPlan, readSettings, type Settings, topology } from '@handset/gateway-config';
import type { TestProject } from 'vitest/node';
import type { DemoUser } from '../../asterisk/lab/demo.ts';
import { type Lab, startLab } from '../../asterisk/lab/lab.ts';
import { repo } from '../../asterisk/lab/places.ts';
import { portsInUse } from '../../asterisk/lab/ports-free.ts';

/** What a test knows of the lab that it runs against; ask for it with `inject('lab')`. */
export interface LabUnderTest {
  readonly url: string;
  readonly apiKey: string;
  readonly users: readonly DemoUser[];
  readonly data: string;
  readonly ports: PortPlan;
  /** Where the gateway sends outside calls, when it is not the simulated carrier. */
  readonly trunk: { readonly address: string; readonly port: number } | undefined;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly lab: LabUnderTest;
  }
}

const FIRST_PORT = 18_000;
const LAST_PORT = 18_990;
/** In the `sipp` tests SIPp plays the carrier: on a loopback address of its own, for the gateway knows it by that. */
const SIPP_CARRIER = '127.0.0.20';

/** Starts a lab of the tests' own, on free ports and on a data directory of its own, for one run of one part. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { lab, settings } = await startOnFreePorts(project.name);
  const { url, apiKey, users } = lab.description;
  project.provide('lab', {
    url,
    apiKey,
    users: [...users],
    data: lab.data,
    ports: portPlan(settings.HANDSET_PORT),
    trunk:
      project.name === 'sipp'
        ? { address: lab.topology.trunk.host, port: lab.topology.trunk.port }
        : undefined,
  });
  return async () => {
    await lab.stop();
    const failed = project.vitest.state.getCountOfFailedTests() > 0;
    if (failed) await keepLogs(lab);
    await rm(lab.data, { recursive: true, force: true });
  };
}

async function startOnFreePorts(name: string): Promise<{ lab: Lab; settings: Settings }> {
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

async function keepLogs(lab: Lab): Promise<void> {
  const kept = join(repo, '.handset/test/failed', `${new Date().toISOString().replaceAll(':', '-')}`);
  await mkdir(kept, { recursive: true });
  await cp(join(lab.data, 'log'), kept, { recursive: true });
  process.stderr.write(`\nThe logs of the lab whose tests failed are in ${kept}\n`);
}
