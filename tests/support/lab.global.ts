import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PortPlan, portPlan, readSettings, type Settings, topology } from '@handset/gateway-config';
import { parseCLI, type TestProject } from 'vitest/node';
import type { DemoUser } from '../../asterisk/lab/demo.ts';
import { type Lab, startLab } from '../../asterisk/lab/lab.ts';
import { repo } from '../../asterisk/lab/places.ts';
import { portsInUse } from '../../asterisk/lab/ports-free.ts';
import { inContainers, takeStack } from './lab-in-containers.ts';

/** What a test knows of the lab that it runs against; ask for it with `labOfThisFile()`. */
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
    /** One for each of the workers that files run in side by side. */
    readonly labs: readonly LabUnderTest[];
  }
}

/** Of a page that the labs of the tests let embed the phone. */
export const EMBEDDING_ORIGIN = 'https://shop.example';

const FIRST_PORT = 18_000;
const LAST_PORT = 18_990;
/** In the `sipp` tests each has a loopback address of its own: the gateway knows the carrier by its address alone. */
const SIPP_CARRIER = '127.0.0.20';
const SIPP_PHONES = '127.0.0.30';
const SIPP_STRANGERS = '127.0.0.66';

/**
 * Starts labs of the tests' own, on free ports and on data directories of their own, for one run of one part: one
 * for each worker. Test files run side by side, each with a lab for itself as long as it runs (see `labOfThisFile`).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (inContainers) {
    const { lab, release } = await takeStack();
    project.provide('labs', [lab]);
    return release;
  }
  const started = await startAll(await workersFor(project), project.name);
  const described = started.map(({ lab, settings }) => describeLab(lab, settings));
  const isSipp = project.name === 'sipp';
  project.provide(
    'labs',
    described.map((lab) => (isSipp ? lab : { ...lab, trunk: undefined })),
  );
  return async () => {
    const labs = started.map(({ lab }) => lab);
    await Promise.all(labs.map((lab) => lab.stop()));
    const failed = project.vitest.state.getCountOfFailedTests() > 0;
    for (const lab of labs) {
      if (failed) await keepLogs(lab);
      await rm(lab.data, { recursive: true, force: true });
    }
  };
}

/** As many as work at once: no more than there are files to run. */
async function workersFor(project: TestProject): Promise<number> {
  const { filter } = parseCLI(['vitest', ...process.argv.slice(2)]);
  const files = await project.vitest.globTestSpecifications([...filter]);
  const own = files.filter((file) => file.project === project);
  return Math.max(1, Math.min(project.config.maxWorkers, own.length));
}

async function startAll(count: number, name: string) {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => startOnFreePorts(name)));
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const fault = outcomes.find((outcome) => outcome.status === 'rejected');
  if (fault === undefined) return started;
  await Promise.all(started.map(({ lab }) => lab.stop()));
  throw fault.reason;
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

/** Blocks that this process has tried: two labs that it starts at once must not meet. */
const tried = new Set<number>();

/** Starts a lab on the next free block of ports, with a data directory named after `name`. */
export async function startOnFreePorts(
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ lab: Lab; settings: Settings }> {
  // Spread out by PID, so that runs side by side seldom try the same block first.
  const blocks = (LAST_PORT - FIRST_PORT) / 10;
  for (let i = 0; i < blocks; i++) {
    const port = FIRST_PORT + ((process.pid + i) % blocks) * 10;
    if (tried.has(port)) continue;
    tried.add(port);
    const settings = readSettings({
      ...more,
      HANDSET_PORT: String(port),
      HANDSET_DATA: `.handset/test/${name}-${port}`,
      HANDSET_EMBED_ORIGINS: EMBEDDING_ORIGIN,
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
  const now = new Date().toISOString().replaceAll(':', '-');
  const kept = join(repo, '.handset/test/failed', `${now}-${basename(lab.data)}`);
  await mkdir(kept, { recursive: true });
  await cp(join(lab.data, 'log'), kept, { recursive: true });
  process.stderr.write(`\nThe logs of the lab whose tests failed are in ${kept}\n`);
}
