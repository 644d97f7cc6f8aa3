import type { Database } from '../db/database.ts';
import type { LiveCall } from '../gateway/calls.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';

/** The gateway, as far as calls that are up need it. */
export interface CallGateway {
  /** @returns `undefined` where it can't be asked */
  liveCalls(): Promise<readonly LiveCall[] | undefined>;
  /** @returns whether there was such a call; `undefined` where it can't be asked */
  hangUp(id: string): Promise<boolean | undefined>;
}

/** A call as the API shows it. */
export type DescribedCall = ReturnType<typeof toCall>;

const directions = ['inbound', 'outbound', 'internal'] as const;

/** Calls that are up or ringing: the gateway alone knows them. */
export class Calls {
  readonly #database: Database;
  readonly #gateway: CallGateway;
  constructor(database: Database, gateway: CallGateway) {
    this.#database = database;
    this.#gateway = gateway;
  }

  /** @throws Problem `gateway-unavailable` */
  async active() {
    const calls = await this.#gateway.liveCalls();
    if (!calls) throw gatewayUnavailable();
    const people = await this.#peopleOf(calls);
    return calls.map((call) => toCall(call, people));
  }

  /** A call with whose it is. */
  async describe(call: LiveCall): Promise<DescribedCall> {
    return toCall(call, await this.#peopleOf([call]));
  }

  /** @throws Problem `gateway-unavailable` or `no-such-call` */
  async hangUp({ record }: Change, id: string): Promise<void> {
    const ended = await this.#gateway.hangUp(id);
    if (ended === undefined) throw gatewayUnavailable();
    if (!ended) throw new Problem('no-such-call', 'No call that is up has this id.');
    await record({ action: 'call.hang-up', subject: id });
  }

  async #peopleOf(calls: readonly LiveCall[]): Promise<People> {
    const { db } = this.#database;
    if (calls.length === 0) return { users: new Map(), devices: new Map() };
    const extensions = [...new Set(calls.map(({ extension }) => extension))];
    const credentials = [...new Set(calls.map(({ credential }) => credential))];
    const users = await db
      .selectFrom('users')
      .select(['extension', 'id', 'name'])
      .where('extension', 'in', extensions)
      .execute();
    const owners = await db
      .selectFrom('credential_owners')
      .select(['credential', 'device_id'])
      .where('credential', 'in', credentials)
      .execute();
    return {
      users: new Map(users.map(({ extension, id, name }) => [extension, { id, name }])),
      devices: new Map(owners.map(({ credential, device_id }) => [credential, device_id])),
    };
  }
}

interface People {
  readonly users: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly devices: ReadonlyMap<string, string | null>;
}

function gatewayUnavailable(): Problem {
  return new Problem('gateway-unavailable', 'The gateway can’t be asked now.', {
    headers: { 'Retry-After': '2' },
  });
}

function toCall(call: LiveCall, { users, devices }: People) {
  const { id, state, extension, number, ownNumber, startedAt } = call;
  return {
    id,
    state,
    direction: directions.find((direction) => direction === call.direction) ?? null,
    extension: extension || null,
    user: users.get(extension) ?? null,
    deviceId: devices.get(call.credential) ?? null,
    number: number || null,
    ownNumber: ownNumber || null,
    startedAt: Number.isSafeInteger(startedAt) ? iso(startedAt) : null,
  };
}
