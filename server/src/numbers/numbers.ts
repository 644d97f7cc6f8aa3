import type { Database } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import type { NumbersTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { faultyField, Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';

export interface TelephoneNumber {
  readonly e164: string;
  readonly userId: string | null;
  readonly createdAt: string;
}

/** The inventory of telephone numbers and whose they are. */
export class Numbers {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws Problem `number-exists` */
  async create({ tx, now, record }: Change, e164: string): Promise<TelephoneNumber> {
    const row = { e164, user_id: null, created_at: now, assigned_at: null };
    try {
      await tx.insertInto('numbers').values(row).execute();
    } catch (error) {
      if (isConflict(error, 'numbers', 'e164'))
        throw new Problem('number-exists', `${e164} is already here.`);
      throw error;
    }
    await record({ action: 'number.create', subject: e164 });
    return toNumber(row);
  }

  /** @throws Problem `no-such-number` */
  async get(e164: string): Promise<TelephoneNumber> {
    const row = await this.#database.db
      .selectFrom('numbers')
      .selectAll()
      .where('e164', '=', e164)
      .executeTakeFirst();
    if (!row) throw noSuchNumber(e164);
    return toNumber(row);
  }

  /**
   * Assigns a free number; of several who ask at the same time one gets it. Asked again for the same user it
   * changes nothing.
   * @throws Problem `no-such-number`, `number-assigned`, or `invalid-request` for an unknown user
   */
  async assign({ tx, now, record }: Change, e164: string, userId: string): Promise<TelephoneNumber> {
    const user = await tx.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
    if (!user) throw faultyField('userId', 'is no user’s id');
    // One statement finds it free and takes it: no one else can come between.
    const taken = await tx
      .updateTable('numbers')
      .set({ user_id: userId, assigned_at: now })
      .where('e164', '=', e164)
      .where('user_id', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (taken) {
      await record({ action: 'number.assign', subject: e164, from: { userId: null }, to: { userId } });
      return toNumber(taken);
    }
    const found = await tx.selectFrom('numbers').selectAll().where('e164', '=', e164).executeTakeFirst();
    if (!found) throw noSuchNumber(e164);
    if (found.user_id !== userId) {
      throw new Problem('number-assigned', `${e164} is another user’s; take it from them first.`);
    }
    return toNumber(found);
  }

  /** Takes the number from whoever has it. @throws Problem `no-such-number` */
  async release({ tx, record }: Change, e164: string): Promise<void> {
    const found = await tx
      .selectFrom('numbers')
      .select('user_id')
      .where('e164', '=', e164)
      .executeTakeFirst();
    if (!found) throw noSuchNumber(e164);
    if (found.user_id === null) return;
    await tx
      .updateTable('numbers')
      .set({ user_id: null, assigned_at: null })
      .where('e164', '=', e164)
      .execute();
    const from = { userId: found.user_id };
    await record({ action: 'number.release', subject: e164, from, to: { userId: null } });
  }

  /** Takes all of a user's numbers from them. */
  async releaseAllOf(change: Change, userId: string): Promise<void> {
    const held = await change.tx.selectFrom('numbers').select('e164').where('user_id', '=', userId).execute();
    for (const { e164 } of held) await this.release(change, e164);
  }
}

function noSuchNumber(e164: string): Problem {
  return new Problem('no-such-number', `${e164} is not in the inventory.`);
}

function toNumber({ e164, user_id, created_at }: NumbersTable): TelephoneNumber {
  return { e164, userId: user_id, createdAt: iso(created_at) };
}
