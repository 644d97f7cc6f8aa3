import { setTimeout as delay } from 'node:timers/promises';
import { hostContact, registrationNames, type TrunkHost } from '@handset/gateway-config';
import type { HostHealth, RegistrationState } from '../gateway/trunks.ts';
import { Problem } from '../http/problem.ts';
import { addressesOf } from './resolver.ts';
import type { StoredTrunk } from './stored.ts';

/** What the gateway is asked; each is `undefined` where it can't be asked. */
export interface TrunkQuestions {
  hostHealth(trunkId: string, contact: string): Promise<HostHealth | undefined>;
  askHosts(trunkId: string): Promise<boolean | undefined>;
  registrationStates(): Promise<ReadonlyMap<string, RegistrationState> | undefined>;
  registerNow(registration: string): Promise<boolean | undefined>;
  callsOn(trunkId: string): Promise<number | undefined>;
}

export interface Finding {
  readonly check: 'resolves' | 'answers' | 'registers' | 'takes-calls';
  readonly works: boolean | null;
  readonly host: string | null;
  readonly words: string;
}

/** The gateway gives up an OPTIONS after 3 s; in ms, with some to spare. */
const OPTIONS_WITHIN_MS = 3_500;
const REGISTERS_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 100;

const NOT_ASKED: HostHealth = { health: 'not-asked', roundTripMs: null };

/** How trunks are, and whether they work. */
export class TrunkStatuses {
  readonly #gateway: TrunkQuestions;
  readonly #sipAddress: string;

  /** @param sipAddress on which the gateway takes SIP */
  constructor(gateway: TrunkQuestions, sipAddress: string) {
    this.#gateway = gateway;
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
   * Tries a trunk: names, OPTIONS, registration.
   * @throws Problem `gateway-unavailable`
   */
  async test({ row, settings }: StoredTrunk) {
    const { hosts } = settings;
    const findings = [
      ...(await Promise.all(hosts.map(resolves))),
      ...(await this.#allAnswer(row.id, settings)),
      ...(settings.kind === 'registration' ? await this.#registers(row.id, settings) : []),
      ...this.#takesCalls(settings),
    ];
    return { works: findings.every(({ works }) => works !== false), findings };
  }

  async #allAnswer(
    id: string,
    { hosts, transport, optionsIntervalSeconds }: StoredTrunk['settings'],
  ): Promise<Finding[]> {
    if (optionsIntervalSeconds === 0) {
      const words = 'It gets no OPTIONS: optionsIntervalSeconds is 0.';
      return [{ check: 'answers', works: null, host: null, words }];
    }
    const before = await Promise.all(hosts.map((host) => this.#health(id, hostContact(host, transport))));
    sure(await this.#gateway.askHosts(id));
    return Promise.all(
      hosts.map((host, index) => this.#answers(id, host, hostContact(host, transport), before[index])),
    );
  }

  async #health(trunkId: string, contact: string): Promise<HostHealth> {
    return sure(await this.#gateway.hostHealth(trunkId, contact));
  }

  /** @param before what was known until now: the same round trip to the microsecond is an old answer */
  async #answers(id: string, { host }: TrunkHost, contact: string, before?: HostHealth): Promise<Finding> {
    const until = Date.now() + OPTIONS_WITHIN_MS;
    const isNew = (now: HostHealth) =>
      now.health === 'answers' && (before?.health !== 'answers' || now.roundTripMs !== before.roundTripMs);
    let now = await this.#health(id, contact);
    while (!isNew(now) && Date.now() < until) {
      await delay(LOOK_EVERY_MS);
      now = await this.#health(id, contact);
    }
    const works = now.health === 'answers';
    const words = works
      ? `It answered an OPTIONS within ${Math.max(1, Math.round(now.roundTripMs ?? 0))} ms.`
      : 'It left an OPTIONS unanswered for three seconds: the port, the transport or a firewall may be wrong, or the carrier does not know this address of ours.';
    return { check: 'answers', works, host, words };
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

  #takesCalls({ kind, hosts }: StoredTrunk['settings']): Finding[] {
    const findings: Finding[] = [];
    const find = (works: false | null, words: string) =>
      findings.push({ check: 'takes-calls', works, host: null, words });
    if (this.#sipAddress.startsWith('127.') && hosts.some(({ host }) => !host.startsWith('127.'))) {
      find(
        false,
        `The gateway takes SIP on ${this.#sipAddress} alone, where no carrier reaches it: set HANDSET_SIP_BIND.`,
      );
    }
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

/** @throws Problem `gateway-unavailable` where there was no answer */
function sure<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Problem('gateway-unavailable', 'The gateway can’t be asked just now.');
  return answer;
}
