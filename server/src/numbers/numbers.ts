import type { ExpressionBuilder } from 'kysely';
import { difference } from '../audit/audit.ts';
import type { Database, Db, Tx } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import { hasPart } from '../db/parts.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { NumbersTable, Tables } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { faultyField, Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { prefixRange } from './prefix.ts';
import {
  AVAILABLE,
  type NumberEvent,
  type NumberState,
  type Standing,
  standingAt,
  transition,
} from './states.ts';

export interface NumberFilter extends PageAsked {
  readonly prefix?: string | undefined;
  /** Digits anywhere in the number. */
  readonly digits?: string | undefined;
  readonly state?: NumberState | undefined;
  readonly userId?: string | undefined;
}

export interface Claim {
  readonly prefix: string;
  /** What is done with the number that is found. */
  readonly event: Extract<NumberEvent, { type: 'reserve' | 'assign' }>;
}

const DAY_MS = 24 * 3_600_000;
/** A number that was someone's is nobody else's for so long: people go on calling it. */
export const QUARANTINE_DAYS = 30;

/** The inventory of telephone numbers and whose they are. */
export class Numbers {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds numbers, all or none. @throws Problem `number-exists` */
  async create({ tx, now, record }: Change, numbers: readonly string[]): Promise<TelephoneNumber[]> {
    const rows = numbers.map((e164) => rowOf(e164, AVAILABLE, now));
    for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
      await tx
        .insertInto('numbers')
        .values(rows.slice(first, first + ROWS_AT_ONCE))
        .execute()
        .catch((error: unknown) => {
          if (!isConflict(error, 'numbers', 'e164')) throw error;
          throw new Problem('number-exists', `${numbers.length === 1 ? numbers[0] : 'One'} is already here.`);
        });
    }
    await record(...numbers.map((e164) => ({ action: 'number.create', subject: e164 })));
    return rows.map((row) => toNumber(row, now));
  }

  /** @throws Problem `no-such-number` */
  async get(e164: string): Promise<TelephoneNumber> {
    return toNumber(await this.#row(this.#database.db, e164), Date.now());
  }

  /** A page of the inventory, in the order of the numbers. */
  async list(filter: NumberFilter) {
    const now = Date.now();
    const { state } = filter;
    let query = this.#database.db.selectFrom('numbers').selectAll();
    if (filter.prefix !== undefined) query = query.where(beginsWith(filter.prefix));
    if (filter.digits !== undefined) {
      query = query.where(await hasPart(this.#database, 'numbers', filter.digits));
    }
    if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
    if (state !== undefined) query = query.where((of) => isIn(of, state, now));
    const { items, next } = await readPage(query, filter, { table: 'numbers', id: 'e164' });
    return { numbers: items.map((row) => toNumber(row, now)), next };
  }

  /** @returns which of these are in the inventory */
  async known(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (let first = 0; first < numbers.length; first += ROWS_AT_ONCE) {
      const some = numbers.slice(first, first + ROWS_AT_ONCE);
      const rows = await this.#database.db
        .selectFrom('numbers')
        .select('e164')
        .where('e164', 'in', some)
        .execute();
      for (const { e164 } of rows) known.add(e164);
    }
    return known;
  }

  /**
   * Has something happen to a number; what changes nothing is as good.
   * @throws Problem `no-such-number`, `number-<state>` where it can't be, or `invalid-request` for an unknown user
   */
  async apply(change: Change, e164: string, event: NumberEvent): Promise<TelephoneNumber> {
    if (event.type === 'assign') await mustBeUser(change.tx, event.userId);
    const row = await this.#row(change.tx, e164, true);
    return this.#apply(change, row, event);
  }

  /**
   * Takes any available number that begins so. Of many who ask at once each gets another.
   * @throws Problem `no-number-left`, or `invalid-request` for an unknown user
   */
  async claim(change: Change, { prefix, event }: Claim): Promise<TelephoneNumber> {
    if (event.type === 'assign') await mustBeUser(change.tx, event.userId);
    const now = change.now;
    // First those that wait for it; then those whose reservation or quarantine is over.
    const found =
      (await this.#first(change.tx, prefix, (of) => of('state', '=', 'available'))) ??
      (await this.#first(change.tx, prefix, (of) => of('state_until', '<=', now)));
    if (!found) throw new Problem('no-number-left', `No number that begins with ${prefix} is available.`);
    return this.#apply(change, found, event);
  }

  /** Takes all of a user's numbers from them. */
  async releaseAllOf(change: Change, userId: string): Promise<void> {
    const held = await change.tx.selectFrom('numbers').select('e164').where('user_id', '=', userId).execute();
    for (const { e164 } of held) await this.apply(change, e164, releaseAt(change.now));
  }

  /** Takes a number that is nobody's out of the inventory. @throws Problem `no-such-number` or `number-assigned` */
  async delete({ tx, record }: Change, e164: string): Promise<void> {
    const row = await this.#row(tx, e164, true);
    if (row.state === 'assigned')
      throw new Problem('number-assigned', `${e164} is a user’s; release it first.`);
    await tx.deleteFrom('numbers').where('e164', '=', e164).execute();
    await record({ action: 'number.delete', subject: e164 });
  }

  async #apply({ tx, now, record }: Change, row: NumbersTable, event: NumberEvent) {
    const before = standingAt(standingOf(row), now);
    const after = transition(before, event);
    if ('refused' in after) {
      const until = before.until === null ? '' : ` until ${iso(before.until)}`;
      throw new Problem(
        after.refused,
        `${row.e164} is ${before.state}${until}: ${event.type} is not possible.`,
      );
    }
    if (after === before) return toNumber(row, now);
    const set = {
      ...columnsOf(after),
      assigned_at: after.state === 'assigned' ? now : null,
    };
    await tx.updateTable('numbers').set(set).where('e164', '=', row.e164).execute();
    const action = `number.${event.type}`;
    await record({ action, subject: row.e164, ...difference(factsOf(before), factsOf(after)) });
    return toNumber({ ...row, ...set }, now);
  }

  /** @param lock whether others have to wait until this transaction ends, before they change it */
  async #row(db: Db, e164: string, lock = false): Promise<NumbersTable> {
    const query = db.selectFrom('numbers').selectAll().where('e164', '=', e164);
    const row = await (lock && this.#locks ? query.forUpdate() : query).executeTakeFirst();
    if (!row) throw new Problem('no-such-number', `${e164} is not in the inventory.`);
    return row;
  }

  async #first(tx: Tx, prefix: string, is: (of: Of) => ReturnType<Of>): Promise<NumbersTable | undefined> {
    const query = tx
      .selectFrom('numbers')
      .selectAll()
      .where(is)
      .where(beginsWith(prefix))
      .orderBy('e164')
      .limit(1);
    // What another claim is just taking is passed over.
    return (this.#locks ? query.forUpdate().skipLocked() : query).executeTakeFirst();
  }

  /** On SQLite every transaction of ours holds the one write lock. */
  get #locks(): boolean {
    return this.#database.dialect === 'postgres';
  }
}

type Of = ExpressionBuilder<Tables, 'numbers'>;

/** A statement takes at most 32,766 values on SQLite; a row has seven. */
const ROWS_AT_ONCE = 1_000;

/** The event that takes a number from its user. @param days of quarantine */
export function releaseAt(now: number, days = QUARANTINE_DAYS): NumberEvent {
  return { type: 'release', until: days === 0 ? null : now + days * DAY_MS };
}

function beginsWith(prefix: string) {
  const { from, below } = prefixRange(prefix);
  return (of: Of) =>
    of.and([of('e164', '>=', from), ...(below === undefined ? [] : [of('e164', '<', below)])]);
}

function isIn(of: Of, state: NumberState, now: number) {
  const over = of('state_until', '<=', now);
  if (state === 'available') return of.or([of('state', '=', state), over]);
  return of.and([
    of('state', '=', state),
    of.or([of('state_until', 'is', null), of('state_until', '>', now)]),
  ]);
}

async function mustBeUser(tx: Tx, userId: string): Promise<void> {
  const user = await tx.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
  if (!user) throw faultyField('userId', 'is no user’s id');
}

function standingOf({ state, user_id, reserved_for, state_until }: NumbersTable): Standing {
  return { state, userId: user_id, reservedFor: reserved_for, until: state_until };
}

function columnsOf({ state, userId, reservedFor, until }: Standing) {
  return { state, user_id: userId, reserved_for: reservedFor, state_until: until };
}

function rowOf(e164: string, standing: Standing, now: number): NumbersTable {
  return { e164, ...columnsOf(standing), created_at: now, assigned_at: null };
}

function factsOf({ until, ...standing }: Standing) {
  return { ...standing, until: until === null ? null : iso(until) };
}

export type TelephoneNumber = ReturnType<typeof toNumber>;

function toNumber(row: NumbersTable, now: number) {
  const standing = factsOf(standingAt(standingOf(row), now));
  return { e164: row.e164, ...standing, createdAt: iso(row.created_at) };
}
