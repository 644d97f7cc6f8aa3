import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { REALM } from '@handset/gateway-config';
import type { Lab } from '../../asterisk/lab/lab.ts';
import { Operator } from '../support/operator.ts';
import { startBareAsterisk } from './bare-asterisk.ts';
import { type Account, applyLoad, processorTime, startCarrier, writeAccounts } from './load.ts';
import { type Measurement, Series } from './measurement.ts';

const PEOPLE = 20;
const LOADS = {
  register: { name: 'registration', times: 400, perSecond: 100, target: 1.6 },
  call: { name: 'call', times: 80, perSecond: 10, target: 1.3 },
} as const;
/** What an Asterisk still does after the last message of a load, in ms. */
const AFTERWARDS_MS = 500;

interface Candidate {
  readonly name: 'gateway' | 'bare';
  readonly target: string;
  readonly pid: number;
}

/**
 * Processor time of the gateway for a registration and for a call through the trunk, and of an Asterisk with a
 * static minimal configuration for the same. They take turns, under the same load.
 * @param lab a lab whose trunk leads to `lab.topology.trunk`, where a carrier is started
 */
export async function measureGatewayCpu(lab: Lab, rounds: number): Promise<readonly Measurement[]> {
  const { gatewaySip, trunk, ports } = lab.topology;
  const data = join(lab.data, 'bare');
  await mkdir(data, { recursive: true });
  const accounts = await deskPhones(lab);
  const accountsFile = join(data, 'accounts.csv');
  await writeAccounts(accountsFile, accounts);
  // The port of TURN over TLS and the carrier's media: neither is used in this lab.
  const bare = await startBareAsterisk({
    data,
    port: ports.turnTls,
    media: ports.pstnMedia,
    trunk,
    accounts,
  });
  const stopCarrier = await startCarrier(trunk.host, trunk.port);
  try {
    const candidates: Candidate[] = [
      {
        name: 'gateway',
        target: `${gatewaySip.host}:${gatewaySip.port}`,
        pid: pidOf(lab.programs.get('gateway')),
      },
      { name: 'bare', target: `127.0.0.1:${ports.turnTls}`, pid: pidOf(bare) },
    ];
    return await takeTurns(candidates, accountsFile, rounds);
  } finally {
    await stopCarrier();
    await bare.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function pidOf(program: { readonly name: string; readonly pid: number | undefined } | undefined): number {
  if (program?.pid === undefined) throw new Error(`${program?.name ?? 'the gateway'} is not running`);
  return program.pid;
}

async function takeTurns(
  candidates: readonly Candidate[],
  accounts: string,
  rounds: number,
): Promise<readonly Measurement[]> {
  const series = new Series();
  for (const scenario of ['register', 'call'] as const) {
    const { name, times, perSecond, target: goal } = LOADS[scenario];
    // The first load on each fills its caches and counts for nothing.
    for (const { target } of candidates)
      await applyLoad({ scenario, target, times: PEOPLE, perSecond, accounts });
    for (let i = 0; i < rounds; i++) {
      const cost = new Map<Candidate['name'], number>();
      for (const { name: candidate, target, pid } of candidates) {
        const before = processorTime(pid);
        await applyLoad({ scenario, target, times, perSecond, accounts });
        await delay(AFTERWARDS_MS);
        cost.set(candidate, (processorTime(pid) - before) / times);
      }
      const [gateway = Number.NaN, bare = Number.NaN] = [cost.get('gateway'), cost.get('bare')];
      series.add(`${name}, gateway`, 'ms CPU', gateway);
      series.add(`${name}, bare Asterisk`, 'ms CPU', bare);
      series.add(`${name}, gateway ÷ bare`, 'ratio', gateway / bare, goal);
    }
  }
  return series.measurements;
}

/** SIPp has no DTLS, so it plays desk phones: they take the same way through the database as browsers. */
async function deskPhones(lab: Lab): Promise<readonly Account[]> {
  const operator = new Operator(lab.description);
  const database = new DatabaseSync(join(lab.data, 'handset.db'), { timeout: 5_000 });
  const insert = database.prepare('INSERT INTO phones (id, user_id, ha1, created_at) VALUES (?, ?, ?, ?)');
  const accounts: Account[] = [];
  for (let i = 0; i < PEOPLE; i++) {
    const { id, extension } = await operator.addPerson();
    const user = `bench${randomBytes(8).toString('hex')}`;
    const password = randomBytes(18).toString('hex');
    const ha1 = createHash('md5').update(`${user}:${REALM}:${password}`).digest('hex');
    insert.run(user, id, ha1, Date.now());
    accounts.push({ extension, user, password });
  }
  database.close();
  return accounts;
}
