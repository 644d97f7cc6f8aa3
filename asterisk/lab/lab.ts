import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings, type Topology, topology as topologyOf } from '@handset/gateway-config';
import { keepSecrets, renderConfiguration } from './configuration.ts';
import { type LabDescription, prepareDemo } from './demo.ts';
import { rootPrograms, serverProgram } from './parts.ts';
import { dataDirectory, SetupError } from './places.ts';
import { assertPortsFree } from './ports-free.ts';
import { type LineListener, SupervisedProcess } from './process.ts';

/** A running lab. */
export interface Lab {
  readonly data: string;
  readonly topology: Topology;
  readonly description: LabDescription;
  /** Whether this is the first start on the data directory. */
  readonly isNew: boolean;
  /** Its programs by name, in the order in which they were started. */
  readonly programs: ReadonlyMap<string, SupervisedProcess>;
  /** Stops every program, the server, which the others ask, last. */
  stop(): Promise<void>;
}

/**
 * Brings a lab up: secrets, rendered configuration, the server, then gateway, carrier, coturn and page, and the demo data.
 * When it fails, nothing of it stays up.
 * @throws SetupError in words when a port or the data directory is in use, or a program does not start
 */
export async function startLab(settings: Settings, onLine: LineListener): Promise<Lab> {
  const data = dataDirectory(settings);
  const topology = topologyOf(settings, 'native');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await holdDataDirectory(data);
  const programs = new Map<string, SupervisedProcess>();
  const stop = async () => {
    const [server, ...rest] = programs.values();
    await Promise.all(rest.map((program) => program.stop()));
    await server?.stop();
    await rm(ownerFile(data), { force: true });
  };
  try {
    await assertPortsFree(topology);
    const secrets = await keepSecrets(data);
    const database = settings.DATABASE_URL === undefined ? undefined : new URL(settings.DATABASE_URL);
    await renderConfiguration(data, settings, topology, secrets, database);
    await mkdir(join(data, 'log'), { recursive: true, mode: 0o700 });
    const start = async (program: ReturnType<typeof serverProgram>) => {
      const supervised = new SupervisedProcess(program, join(data, 'log', `${program.name}.log`), onLine);
      programs.set(program.name, supervised);
      await supervised.start();
    };
    await start(serverProgram(data, settings, topology));
    await Promise.all(rootPrograms(data, topology).map(start));
    const api = `http://${topology.api.host}:${topology.api.port}`;
    const { description, isNew } = await prepareDemo(data, {
      api,
      url: topology.publicUrl,
      apiKey: secrets.apiKey,
      isSimulated: settings.HANDSET_TRUNK === undefined,
    });
    return { data, topology, description, isNew, programs, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

const ownerFile = (data: string) => join(data, 'lab.pid');

/** @throws SetupError when another lab runs on the directory */
async function holdDataDirectory(data: string): Promise<void> {
  const owner = labOn(data);
  if (owner !== undefined) {
    throw new SetupError(
      `Another lab (process ${owner}) runs on ${data}. Stop it, or set HANDSET_DATA to another directory.`,
    );
  }
  await writeFile(ownerFile(data), String(process.pid), { mode: 0o600 });
}

/** @returns the process of another lab that runs on the data directory */
export function labOn(data: string): number | undefined {
  const file = ownerFile(data);
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  return owner !== undefined && owner !== process.pid && isLab(owner) ? owner : undefined;
}

/** Whether the process is a lab still: a PID may have gone to another program since. */
function isLab(pid: number): boolean {
  try {
    return /cli\.ts|vitest/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}
