import type { Database } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import type { NumbersTable } from '../db/tables.ts';
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
  async create(e164: string): Promise<TelephoneNumber> {
    const row = { e164, user_id: null, created_at: Date.now(), assigned_at: null };
    try {
      await this.#database.db.insertInto('numbers').values(row).execute();
    } catch (error) {
      if (isConflict(error, 'numbers', 'e164'))
        throw new Problem('number-exists', `${e164} is already here.`);
      throw error;
    }
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
  async assign(e164: string, userId: string): Promise<TelephoneNumber> {
    return this.#database.db.transaction().execute(async (tx) => {
      const user = await tx.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
      if (!user) throw faultyField('userId', 'is no user’s id');
      // One statement finds it free and takes it: no one else can come between.
      const taken = await tx
        .updateTable('numbers')
        .set({ user_id: userId, assigned_at: Date.now() })
        .where('e164', '=', e164)
        .where('user_id', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (taken) return toNumber(taken);
      const found = await tx.selectFrom('numbers').selectAll().where('e164', '=', e164).executeTakeFirst();
      if (!found) throw noSuchNumber(e164);
      if (found.user_id !== userId) {
        throw new Problem('number-assigned', `${e164} is another user’s; take it from them first.`);
      }
      return toNumber(found);
    });
  }

  /** Takes the number from whoever has it. @throws Problem `no-such-number` */
  async release(e164: string): Promise<void> {
    const { numUpdatedRows } = await this.#database.db
      .updateTable('numbers')
      .set({ user_id: null, assigned_at: null })
      .where('e164', '=', e164)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw noSuchNumber(e164);
  }
}

function noSuchNumber(e164: string): Problem {
  return new Problem('no-such-number', `${e164} is not in the inventory.`);
}

function toNumber({ e164, user_id, created_at }: NumbersTable): TelephoneNumber {
  return { e164, userId: user_id, createdAt: iso(created_at) };
}
