import { codecOrder, type Settings } from '@handset/gateway-config';
import { admitWithin } from '../admission/admit.ts';
import type { Decision } from '../admission/decide.ts';
import type { AdmissionWorld } from '../admission/snapshot.ts';
import type { Database, Tx } from '../db/database.ts';
import type { PageAsked } from '../db/read-page.ts';
import type { Click, ClickOutcome, LiveCall } from '../gateway/calls.ts';
import { sure } from '../gateway/sure.ts';
import type { Change } from '../http/change.ts';
import { type Position, pageOf, positionOf } from '../http/page.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';
import { loadOutsideCodecs } from '../trunks/outside-codecs.ts';

/** The gateway, as far as calls that are up need it. */
export interface CallGateway {
  /** @returns `undefined` where it can't be asked */
  liveCalls(): Promise<readonly LiveCall[] | undefined>;
  /** @returns whether there was such a call; `undefined` where it can't be asked */
  hangUp(id: string): Promise<boolean | undefined>;
  /** @returns `undefined` where it can't be asked */
  ringAndCall(click: Click): Promise<ClickOutcome | undefined>;
}

/** A call as the API shows it. */
export type DescribedCall = ReturnType<typeof toCall>;

const directions = ['inbound', 'outbound', 'internal'] as const;

export interface CallFilter extends PageAsked {
  readonly userId?: string | undefined;
  readonly extension?: string | undefined;
  readonly direction?: (typeof directions)[number] | undefined;
}

/** Calls that are up or ringing: the gateway alone knows them. */
export class Calls {
  readonly #database: Database;
  readonly #gateway: CallGateway;
  readonly #settings: Settings;
  constructor(database: Database, gateway: CallGateway, settings: Settings) {
    this.#database = database;
    this.#gateway = gateway;
    this.#settings = settings;
  }

  /** A page, the last call first. @throws Problem `gateway-unavailable`, or naming `query.cursor` */
  async list({ limit, cursor, ...filter }: CallFilter) {
    const after = positionOf(cursor);
    const found = (await this.#active())
      .filter((call) => fits(call, filter) && (after === undefined || compare(after, positionIn(call)) < 0))
      .toSorted((a, b) => compare(positionIn(a), positionIn(b)));
    const { items, next } = pageOf(found, limit, positionIn);
    return { calls: items, next };
  }

  /** @throws Problem `no-such-call` or `gateway-unavailable` */
  async get(id: string): Promise<DescribedCall> {
    const call = (await this.#active()).find((active) => active.id === id);
    if (!call) throw noSuchCall();
    return call;
  }

  async #active(): Promise<DescribedCall[]> {
    const calls = sure(await this.#gateway.liveCalls());
    const known = await this.#fromRecords(calls);
    const people = await this.#peopleOf(known);
    return known.map((call) => toCall(call, people));
  }

  /** Of a call that goes on without the phone that made it, the gateway knows no more than the id. */
  async #fromRecords(calls: readonly LiveCall[]): Promise<readonly LiveCall[]> {
    const transferred = calls.filter(({ direction }) => direction === '').map(({ id }) => id);
    if (transferred.length === 0) return calls;
    const records = await this.#database.db
      .selectFrom('call_records')
      .select(['call_id', 'direction', 'extension', 'credential', 'number', 'own_number', 'started_at'])
      .where('call_id', 'in', transferred)
      .execute();
    const details = new Map(
      records.map((record) => [
        record.call_id,
        {
          direction: record.direction ?? '',
          extension: record.extension ?? '',
          credential: record.credential ?? '',
          number: record.number ?? '',
          ownNumber: record.own_number ?? '',
          startedAt: record.started_at ?? Number.NaN,
        },
      ]),
    );
    return calls.map((call) => ({ ...call, ...details.get(call.id) }));
  }

  /** A call with whose it is. */
  async describe(call: LiveCall): Promise<DescribedCall> {
    return toCall(call, await this.#peopleOf([call]));
  }

  /**
   * Has a user's phone ring, and then call `to`. It is admitted as the user's own call: permission, limits and caller ID
   * are theirs. Once the phone is answered the gateway asks again, for the same call.
   * @throws Problem `no-such-user`, `user-disabled`, `call-refused` or `gateway-unavailable`
   */
  async place({ tx, now, record }: Change, caller: CallerGiven, to: string, world: AdmissionWorld) {
    const user = await callerOf(tx, caller);
    const id = randomId('click');
    const question = { callId: id, extension: user.extension, dialed: to };
    const decision = await admitWithin(tx, this.#database.dialect, question, world);
    if (decision.decision === 'refuse') throw refused(decision);
    const number = decision.decision === 'trunk' ? decision.number : decision.extension;
    const isOutside = decision.decision === 'trunk';
    const codecs = isOutside ? await loadOutsideCodecs(tx, this.#settings) : codecOrder(this.#settings);
    const click = { id, extension: user.extension, to: number, codecs };
    if (sure(await this.#gateway.ringAndCall(click)) === 'no-phone')
      throw new Problem('no-phone', 'No phone of this user is registered.');
    await record({ action: 'call.create', subject: id, to: { userId: user.id, number } });
    return {
      id,
      state: 'ringing' as const,
      direction: isOutside ? ('outbound' as const) : ('internal' as const),
      extension: user.extension,
      user: { id: user.id, name: user.name },
      deviceId: null,
      number,
      ownNumber: decision.decision === 'trunk' ? decision.callerId : null,
      startedAt: iso(now),
    };
  }

  /** @throws Problem `gateway-unavailable` or `no-such-call` */
  async hangUp({ record }: Change, id: string): Promise<void> {
    if (!sure(await this.#gateway.hangUp(id))) throw noSuchCall();
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

/** Who is to call: by id or by extension. */
export type CallerGiven = { readonly userId: string } | { readonly extension: string };

async function callerOf(tx: Tx, caller: CallerGiven) {
  const users = tx.selectFrom('users').select(['id', 'name', 'extension', 'disabled_at']);
  const user = await ('userId' in caller
    ? users.where('id', '=', caller.userId)
    : users.where('extension', '=', caller.extension)
  ).executeTakeFirst();
  if (!user) throw new Problem('no-such-user', 'There is no such user.');
  if (user.disabled_at !== null) throw new Problem('user-disabled', 'Enable the user first.');
  return user;
}

function refused({ reason, because }: Extract<Decision, { decision: 'refuse' }>): Problem {
  return new Problem('call-refused', `The call is refused (${reason}): ${because.join('; ')}.`, { reason });
}

function noSuchCall(): Problem {
  return new Problem('no-such-call', 'No call that is up has this id.');
}

/** Where a call stands in the list. */
function positionIn({ startedAt, id }: DescribedCall): Position {
  return [startedAt === null ? 0 : Date.parse(startedAt), id];
}

/** The later one is first. */
function compare([at, id]: Position, [otherAt, otherId]: Position): number {
  if (at !== otherAt) return otherAt - at;
  return id === otherId ? 0 : id > otherId ? -1 : 1;
}

function fits(call: DescribedCall, { userId, extension, direction }: Omit<CallFilter, keyof PageAsked>) {
  return (
    (userId === undefined || call.user?.id === userId) &&
    (extension === undefined || call.extension === extension) &&
    (direction === undefined || call.direction === direction)
  );
}

interface People {
  readonly users: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly devices: ReadonlyMap<string, string | null>;
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
