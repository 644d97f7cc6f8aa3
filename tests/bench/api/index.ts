import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, topology } from '@handset/gateway-config';
import { portsInUse } from '../../../asterisk/lab/ports-free.ts';
import { readConfig } from '../../../server/src/config.ts';
import { openDatabase } from '../../../server/src/db/database.ts';
import { onPostgres } from '../../../server/src/testing/postgres-database.ts';
import { startPostgres } from '../../support/postgres.ts';
import { type Measurement, Series } from '../measurement.ts';
import { fill } from './fill.ts';
import { admissions, claimsPerSecond, lookUps, phoneConfigsPerSecond } from './requests.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const FEW = 1_000;
const MANY = 100_000;
/** What may be slower with a hundred times as much. */
const GROWTH = 2;
const CLAIMS = 300;
const CONFIGS = 1_000;
/** Asked for in turns, and how many at once. */
const ADMISSIONS = { turns: 5, times: 100, perSecond: 50 };
/** Of each look-up in a round. */
const LOOK_UPS = 20;
const FIRST_PORT = 16_000;
const LAST_PORT = 16_990;

type Environment = Readonly<Record<string, string>>;

/** The API as a program of its own on both databases: how fast it is, and what a hundred times as many users cost. */
export async function measureApi(rounds: number): Promise<readonly Measurement[]> {
  const series = new Series();
  const postgres = await startPostgres();
  try {
    await onDatabase(series, 'SQLite', rounds, async () => ({}));
    await onDatabase(series, 'PostgreSQL', rounds, async (count) => {
      const url = new URL(postgres.url);
      url.pathname = `/bench_${count}`;
      await onPostgres(postgres.url, `create database bench_${count}`);
      return { DATABASE_URL: url.href };
    });
  } finally {
    await postgres.stop();
  }
  return series.measurements;
}

async function onDatabase(
  series: Series,
  name: string,
  rounds: number,
  database: (count: number) => Promise<Environment>,
): Promise<void> {
  const directories: string[] = [];
  const prepare = async (count: number): Promise<Environment> => {
    const data = await mkdtemp(join(tmpdir(), 'handset-bench-'));
    directories.push(data);
    const environment = {
      HANDSET_DATA: data,
      HANDSET_PORT: String(await freePort(directories.length)),
      HANDSET_EXTENSION_FIRST: '100000',
      HANDSET_EXTENSION_LAST: '999999',
      ...(await database(count)),
    };
    await fill(environment, count);
    return environment;
  };
  try {
    const few = await prepare(FEW);
    const many = await prepare(MANY);
    for (let round = 0; round < rounds; round++) await measureRound(series, name, few, many);
  } finally {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  }
}

async function measureRound(
  series: Series,
  name: string,
  few: Environment,
  many: Environment,
): Promise<void> {
  const servers: ServerProcess[] = [];
  try {
    const small = await startServerProcess(few);
    servers.push(small);
    const large = await startServerProcess(many);
    servers.push(large);
    const grows = (what: string, unit: 'ms' | 'MB', least: number, most: number) => {
      series.add(`${what}, ${MANY} users, ${name}`, unit, most);
      series.add(`… ÷ ${FEW} users (${what}, ${name})`, 'ratio', most / least, GROWTH);
    };
    grows('start-up', 'ms', small.startMs, large.startMs);
    for (const [what, times] of Object.entries(await compareLookUps(small, large))) {
      grows(what, 'ms', times.few, times.many);
    }
    series.add(`claims a second, ${name}`, '1/s', await claimsPerSecond(large, CLAIMS));
    series.add(`phone-configs a second, ${name}`, '1/s', await phoneConfigsPerSecond(large, CONFIGS));
    const { least, most } = await compareAdmissions(
      { server: small, environment: few, people: FEW },
      { server: large, environment: many, people: MANY },
    );
    series.add(
      `admission at ${ADMISSIONS.perSecond} calls a second, p99, ${name}`,
      'ms',
      quantile(most.took, 0.99),
    );
    grows('admission, p50', 'ms', quantile(least.took, 0.5), quantile(most.took, 0.5));
    series.add(`admissions that came to nothing, ${name}`, '1', least.failed + most.failed, 0);
    grows('memory', 'MB', await small.memory(), await large.memory());
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Both servers take turns, so that what else the machine does troubles both alike. @returns medians in ms */
async function compareLookUps(small: ServerProcess, large: ServerProcess) {
  const [ofFew, ofMany] = [lookUps(FEW), lookUps(MANY)];
  const found: Record<string, { few: number; many: number }> = {};
  for (const [what, onFew] of Object.entries(ofFew)) {
    const onMany = ofMany[what] ?? onFew;
    const few: number[] = [];
    const many: number[] = [];
    for (let i = 0; i < LOOK_UPS; i++) {
      few.push(await timeOf(() => onFew(small)));
      many.push(await timeOf(() => onMany(large)));
    }
    found[what] = { few: quantile(few, 0.5), many: quantile(many, 0.5) };
  }
  return found;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

interface Called {
  readonly server: ServerProcess;
  readonly environment: Environment;
  /** How many users call, one after the other. */
  readonly people: number;
}

/** Takes turns, as with look-ups. */
async function compareAdmissions(few: Called, many: Called) {
  const least = { took: [] as number[], failed: 0 };
  const most = { took: [] as number[], failed: 0 };
  for (let turn = 0; turn < ADMISSIONS.turns; turn++) {
    for (const [called, so] of [[few, least] as const, [many, most] as const]) {
      const { took, failed } = await admissionTimes(called, turn * ADMISSIONS.times);
      so.took.push(...took);
      so.failed += failed;
    }
  }
  return { least, most };
}

/** Calls that are let through end at once: their records are written, as the gateway does, beside the server. */
async function admissionTimes({ server, environment, people }: Called, first: number) {
  const database = openDatabase(readConfig(environment), () => {});
  const record = (call_id: string) =>
    database.db
      .insertInto('call_records')
      .values({ call_id, answered_at: Date.now() - 1_000, ended_at: Date.now() })
      .execute();
  try {
    return await admissions(server, { ...ADMISSIONS, first, people }, record);
  } finally {
    await database.close();
  }
}

function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

/** @param nth leaves the ports of those before alone, who don't listen yet */
async function freePort(nth: number): Promise<number> {
  let free = 0;
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 10) {
    const settings = readSettings({ HANDSET_PORT: String(port) });
    if ((await portsInUse(topology(settings, 'native'))).length > 0) continue;
    free += 1;
    if (free === nth) return port;
  }
  throw new Error(`No block of ports from ${FIRST_PORT} to ${LAST_PORT} is free.`);
}
