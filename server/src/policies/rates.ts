import { difference } from '../audit/audit.ts';
import type { Database } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { RatesTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { fromMicros, toMicros } from './rules.ts';

export interface Rate {
  readonly prefix: string;
  readonly name: string;
  readonly pricePerMinute: string;
}

/** What a minute costs, by the beginning of the number called: the most specific one holds. */
export class Rates {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order of their prefixes. */
  async list(asked: PageAsked) {
    const all = this.#database.db.selectFrom('rates').selectAll();
    const { items, next } = await readPage(all, asked, { table: 'rates', id: 'prefix' });
    return { rates: items.map(toRate), next };
  }

  /** Sets the rate of a prefix, for calls from then on. */
  async set({ tx, record }: Change, { prefix, name, pricePerMinute }: Rate): Promise<Rate> {
    const found = await tx.selectFrom('rates').selectAll().where('prefix', '=', prefix).executeTakeFirst();
    const row = { name, per_minute_micros: toMicros(pricePerMinute) };
    await tx
      .insertInto('rates')
      .values({ prefix, ...row })
      .onConflict((conflict) => conflict.column('prefix').doUpdateSet(row))
      .execute();
    const to = { name, pricePerMinute };
    const changed = found ? difference({ ...toRate(found) }, to) : { to };
    if (changed) await record({ action: 'rate.set', subject: prefix, ...changed });
    return { prefix, name, pricePerMinute };
  }

  /** @throws Problem `no-such-rate` */
  async delete({ tx, record }: Change, prefix: string): Promise<void> {
    const found = await tx.deleteFrom('rates').where('prefix', '=', prefix).returningAll().executeTakeFirst();
    if (!found) throw new Problem('no-such-rate', `${prefix} has no rate.`);
    const { name, pricePerMinute } = toRate(found);
    await record({ action: 'rate.delete', subject: prefix, from: { name, pricePerMinute } });
  }
}

function toRate({ prefix, name, per_minute_micros }: RatesTable): Rate {
  return { prefix, name, pricePerMinute: fromMicros(per_minute_micros) };
}
