import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { REALM } from '@handset/gateway-config';
import { test as base } from 'vitest';
import { asteriskConsole, insideRoot } from '../../asterisk/lab/parts.ts';
import { repo } from '../../asterisk/lab/places.ts';
import type { LabUnderTest } from '../support/lab.global.ts';
import { query } from '../support/lab-database.ts';
import { labOfThisFile } from '../support/lab-of-this-file.ts';
import { type Address, runScenario, type Scenario, type ScenarioRun } from './run-scenario.ts';

/** A user with a number and a phone on the desk, which SIPp plays. */
export interface Subscriber {
  readonly userId: string;
  readonly login: string;
  readonly password: string;
  readonly extension: string;
  readonly number: string;
  readonly phone: Phone;
}

/** A phone's credential, and where it is. */
export interface Phone {
  readonly user: string;
  readonly password: string;
  readonly at: Address;
}

/** Ports for SIPp: a block of each lab's own, below those that the system gives out. */
const FIRST_PORT = 10_000;
const PORTS_PER_LAB = 60;

export class World {
  readonly lab: LabUnderTest;
  readonly gateway: Address;
  /** Where the gateway sends outside calls: SIPp plays the carrier there. */
  readonly carrier: Address;
  #ports = 0;

  constructor(lab: LabUnderTest) {
    if (lab.trunk === undefined) throw new Error('this lab has no carrier for SIPp to play');
    this.lab = lab;
    this.gateway = { address: lab.sip.gateway, port: lab.ports.sip };
    this.carrier = lab.trunk;
  }

  /** A port for SIPp, another one each time until the lab's block is through. */
  port(): number {
    const block = (this.lab.ports.page / 10) % 100;
    return FIRST_PORT + block * PORTS_PER_LAB + (this.#ports++ % PORTS_PER_LAB);
  }

  /** A new user with a new number and a phone. */
  async subscriber(): Promise<Subscriber> {
    const login = `sipp-${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('base64url');
    const user = await this.api<{ id: string; extension: string }>('POST', '/v1/users', {
      login,
      password,
      name: 'Sip Tester',
    });
    const number = await this.number();
    await this.api('PUT', `/v1/numbers/${encodeURIComponent(number)}/assignment`, { userId: user.id });
    const phone = await this.phone(user.id);
    return { userId: user.id, login, password, extension: user.extension, number, phone };
  }

  /** A new number, assigned to nobody. */
  async number(): Promise<string> {
    const e164 = `+1202${randomInt(5_560_000, 5_999_999)}`;
    await this.api('POST', '/v1/numbers', { e164 });
    return e164;
  }

  /** A new phone of a user. There is no API for it yet: it goes straight into the database. */
  async phone(userId: string, expiresAt: number | null = null): Promise<Phone> {
    const user = `ph${randomBytes(8).toString('hex')}`;
    const password = randomBytes(16).toString('base64url');
    await this.query('INSERT INTO phones (id, user_id, ha1, created_at, expires_at) VALUES (?, ?, ?, ?, ?)', [
      user,
      userId,
      ha1(user, password),
      Date.now(),
      expiresAt,
    ]);
    return { user, password, at: { address: this.lab.sip.phones, port: this.port() } };
  }

  /** Asks the lab's database; `sql` has a `?` for each value. */
  query<Row>(sql: string, values: readonly SQLInputValue[]): Promise<readonly Row[]> {
    return query(this.lab, sql, values);
  }

  /** Calls the public API as the operator. */
  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.lab.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.lab.apiKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** What the console of the gateway, or of the simulated carrier, answers to a command. */
  async console(command: string, part: 'gateway' | 'pstn' = 'gateway'): Promise<string> {
    const inside = insideRoot(this.lab.data, asteriskConsole(part, command));
    const { stdout } = await promisify(execFile)(inside.command, inside.args);
    return stdout;
  }

  /** The names of the channels that the gateway has now. */
  async channels(): Promise<readonly string[]> {
    const listing = await this.console('core show channels concise');
    return listing.split('\n').flatMap((line) => (line.includes('!') ? [line.split('!')[0] ?? ''] : []));
  }

  /** Waits until no channel is left; gives the ones that still are after `withinMs`. */
  async channelsLeft(withinMs = 5_000): Promise<readonly string[]> {
    const until = Date.now() + withinMs;
    let left = await this.channels();
    while (left.length > 0 && Date.now() < until) {
      await delay(100);
      left = await this.channels();
    }
    return left;
  }

  /** The call records of an extension whose calls have ended, oldest first, once there are `count`. */
  async records(extension: string, count = 1): Promise<readonly CallRecord[]> {
    const read = () => this.query<CallRecord>(ENDED_RECORDS, [extension]);
    const until = Date.now() + 5_000;
    let records = await read();
    while (records.length < count && Date.now() < until) {
      await delay(50);
      records = await read();
    }
    return records;
  }
}

const ENDED_RECORDS =
  'SELECT * FROM call_records WHERE extension = ? AND ended_at IS NOT NULL ORDER BY started_at';

export interface CallRecord {
  readonly call_id: string;
  readonly direction: string;
  readonly credential: string | null;
  readonly number: string;
  readonly own_number: string | null;
  readonly trunk: string | null;
  readonly attempts: string | null;
  readonly started_at: number;
  readonly answered_at: number | null;
  readonly ended_at: number;
  readonly reason: string;
  readonly sip_code: number;
}

/** H(A1) of digest authentication (RFC 2617 section 3.2.2.2). */
export function ha1(user: string, password: string): string {
  return createHash('md5').update(`${user}:${REALM}:${password}`).digest('hex');
}

/** Starts scenarios; ends with the test those that are left, and keeps the traces of a test that failed. */
export type Sipp = (scenario: Scenario) => Promise<ScenarioRun>;

let theWorld: World | undefined;

export const test = base.extend<{ world: World; sipp: Sipp }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs.
  world: async ({}, use) => {
    theWorld ??= new World(labOfThisFile());
    await use(theWorld);
  },
  sipp: async ({ task, world }, use) => {
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60);
    const directory = join(repo, '.handset/test/traces', `${name}-${process.pid}-${Date.now()}`);
    const runs: ScenarioRun[] = [];
    await use(async (scenario) => {
      const run = await runScenario(scenario, directory);
      runs.push(run);
      if (scenario.to === undefined) await run.listening();
      return run;
    });
    for (const run of runs) run.stop();
    if (task.result?.state === 'fail') {
      process.stderr.write(`\n${task.name}: the SIP traces are in ${directory}\n`);
      // What its SIPp left up must not fail the next test.
      await world.console('channel request hangup all');
    } else {
      await rm(directory, { recursive: true, force: true });
    }
  },
});
