import { setTimeout as delay } from 'node:timers/promises';
import { hostContact, registrationNames, type TrunkHost } from '@handset/gateway-config';
import type { Database, Db } from '../db/database.ts';
import { sure } from '../gateway/sure.ts';
import type { HostHealth, RegistrationState } from '../gateway/trunks.ts';
import { type AskHost, findAnswers, type OptionsQuestions } from './answers.ts';
import type { Finding } from './finding.ts';
import { findTranslation } from './last-call.ts';
import { addressesOf } from './resolver.ts';
import type { StoredTrunk } from './stored.ts';

/** What the gateway is asked; each is `undefined` where it can't be asked. */
export interface TrunkQuestions extends OptionsQuestions {
  registrationStates(): Promise<ReadonlyMap<string, RegistrationState> | undefined>;
  registerNow(registration: string): Promise<boolean | undefined>;
  callsOn(trunkId: string): Promise<number | undefined>;
}

const REGISTERS_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 100;

const NOT_ASKED: HostHealth = { health: 'not-asked', roundTripMs: null };

/** How trunks are, and whether they work. */
export class TrunkStatuses {
  readonly #db: Db;
  readonly #gateway: TrunkQuestions;
  readonly #ask: AskHost;
  readonly #sipAddress: string;

  /** @param sipAddress on which the gateway takes SIP */
  constructor({ db }: Database, gateway: TrunkQuestions, ask: AskHost, sipAddress: string) {
    this.#db = db;
    this.#gateway = gateway;
    this.#ask = ask;
    this.#sipAddress = sipAddress;
  }

  /** @returns `undefined` where the gateway can't be asked */
  async of({ row, settings }: StoredTrunk) {
    const { id } = row;
    const states = settings.kind === 'registration' ? await this.#gateway.registrationStates() : new Map();
    const callsUp = await this.#gateway.callsOn(id);
    if (states === undefined || callsUp === undefined) return undefined;
    const names = registrationNames({ id, hosts: settings.hosts });
    const hosts = [];
    for (const [index, { host, port }] of settings.hosts.entries()) {
      const known =
        settings.optionsIntervalSeconds === 0
          ? NOT_ASKED
          : await this.#gateway.hostHealth(id, hostContact({ host, port }, settings.transport));
      if (known === undefined) return undefined;
      const registration =
        settings.kind === 'registration' ? (states.get(names[index] ?? '') ?? 'not-registered') : null;
      hosts.push({ host, port, ...known, registration });
    }
    return { health: together(hosts), hosts, callsUp };
  }

  /**
   * Tries a trunk: names, OPTIONS, registration; and looks at its last call.
   * @throws Problem `gateway-unavailable`
   */
  async test(stored: StoredTrunk) {
    const { row, settings } = stored;
    const { hosts } = settings;
    const resolved = await Promise.all(hosts.map(resolves));
    const known = hosts.filter((_host, index) => resolved[index]?.works);
    const findings = [
      ...resolved,
      ...(await findAnswers(this.#gateway, this.#ask, stored, known)),
      ...(settings.kind === 'registration' ? await this.#registers(row.id, settings) : []),
      ...this.#takesCalls(settings),
      ...(await findTranslation(this.#db, row.id, settings.codecs)),
    ];
    return { works: findings.every(({ works }) => works !== false), findings };
  }

  async #registers(
    id: string,
    { hosts, enabled }: Pick<StoredTrunk['settings'], 'hosts' | 'enabled'>,
  ): Promise<Finding[]> {
    if (!enabled) {
      return [
        {
          check: 'registers',
          works: null,
          host: null,
          words: 'It does not register while it is not enabled.',
        },
      ];
    }
    const names = registrationNames({ id, hosts });
    for (const name of names) sure(await this.#gateway.registerNow(name));
    const until = Date.now() + REGISTERS_WITHIN_MS;
    const read = async () => {
      const states = sure(await this.#gateway.registrationStates());
      return names.map((name) => states.get(name) ?? 'not-registered');
    };
    let states = await read();
    while (states.includes('not-registered') && Date.now() < until) {
      await delay(LOOK_EVERY_MS);
      states = await read();
    }
    return states.map((state, index) => ({
      check: 'registers',
      works: state === 'registered',
      host: hosts[index]?.host ?? null,
      words: REGISTRATION_WORDS[state],
    }));
  }

  #takesCalls({ kind, hosts, enabled }: StoredTrunk['settings']): Finding[] {
    const findings: Finding[] = [];
    const find = (works: false | null, words: string) =>
      findings.push({ check: 'takes-calls', works, host: null, words });
    if (this.#sipAddress.startsWith('127.') && hosts.some(({ host }) => !host.startsWith('127.'))) {
      find(
        false,
        `The gateway takes SIP on ${this.#sipAddress} alone, where no carrier reaches it: set HANDSET_SIP_BIND.`,
      );
    }
    if (!enabled) find(null, 'It is not enabled: no call goes to it, and none is taken from it.');
    if (kind === 'digest') {
      find(
        null,
        'Whether user name and password are right shows when a call is made: an OPTIONS needs none.',
      );
    }
    return findings;
  }
}

const REGISTRATION_WORDS: Readonly<Record<RegistrationState, string>> = {
  registered: 'It took the registration.',
  refused: 'It refused the registration: user name or password are wrong, or it does not know the account.',
  'not-registered': 'It has not answered the registration.',
};

async function resolves(host: TrunkHost): Promise<Finding> {
  const addresses = await addressesOf(host);
  const works = addresses.length > 0;
  const isName = addresses[0] !== host.host;
  const words = isName ? `The name stands for ${addresses.join(', ')}.` : 'It is an address.';
  return {
    check: 'resolves',
    works,
    host: host.host,
    words: works ? words : 'The name is unknown: DNS has no IPv4 address for it.',
  };
}

/** One host that answers is enough. */
function together(hosts: readonly HostHealth[]): HostHealth['health'] {
  if (hosts.some(({ health }) => health === 'answers')) return 'answers';
  return hosts.length > 0 && hosts.every(({ health }) => health === 'silent') ? 'silent' : 'not-asked';
}
