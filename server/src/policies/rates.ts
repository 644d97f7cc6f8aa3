import { difference } from '../audit/audit.ts';
import type { Database } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { RatesTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { prefixRange } from '../numbers/prefix.ts';
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
  async list({ prefix, ...asked }: PageAsked & { readonly prefix?: string | undefined }) {
    let query = this.#database.db.selectFrom('rates').selectAll();
    if (prefix !== undefined) {
      const { from, below } = prefixRange(prefix);
      query = query.where('prefix', '>=', from);
      if (below !== undefined) query = query.where('prefix', '<', below);
    }
    const { items, next } = await readPage(query, asked, { table: 'rates', id: 'prefix' });
    return { rates: items.map(toRate), next };
  }

  /** @throws Problem `no-such-rate` */
  async get(prefix: string): Promise<Rate> {
    const rates = this.#database.db.selectFrom('rates').selectAll();
    const found = await rates.where('prefix', '=', prefix).executeTakeFirst();
    if (!found) throw noSuchRate(prefix);
    return toRate(found);
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
    if (!found) throw noSuchRate(prefix);
    const { name, pricePerMinute } = toRate(found);
    await record({ action: 'rate.delete', subject: prefix, from: { name, pricePerMinute } });
  }
}

function noSuchRate(prefix: string): Problem {
  return new Problem('no-such-rate', `${prefix} has no rate.`);
}

function toRate({ prefix, name, per_minute_micros }: RatesTable): Rate {
  return { prefix, name, pricePerMinute: fromMicros(per_minute_micros) };
}
