import { recordAudit } from '../audit/audit.ts';
import type { Database } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { BansTable } from '../db/tables.ts';
import type { Actor } from '../http/actor.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';

const SERVER: Actor = { kind: 'server', id: 'server', name: 'Handset' };

/** Addresses that the gateway refuses: it reads them as its access list (view `ps_acls`). */
export class Bans {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Those that hold now, the latest first. */
  async list({ address, ...asked }: PageAsked & { readonly address?: string | undefined }) {
    let query = this.#database.db.selectFrom('bans').selectAll().where('expires_at', '>', Date.now());
    if (address !== undefined) query = query.where('address', '=', address);
    const order = { table: 'bans', by: 'created_at', id: 'id', newestFirst: true } as const;
    const { items, next } = await readPage(query, asked, order);
    return { bans: items.map(toBan), next };
  }

  /** Bans an address; one that is banned already, from now on for as long. */
  async add(address: string, { failures, ms }: { failures: number; ms: number }): Promise<void> {
    const now = Date.now();
    const ban = { id: randomId('ba'), failures, created_at: now, expires_at: now + ms };
    await this.#database.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('bans').where('expires_at', '<=', now).execute();
      await tx
        .insertInto('bans')
        .values({ address, ...ban })
        .onConflict((conflict) => conflict.column('address').doUpdateSet(ban))
        .execute();
      const to = { address, failures, expiresAt: iso(ban.expires_at) };
      await recordAudit(tx, SERVER, now, [{ action: 'ban.create', subject: ban.id, to }]);
    });
  }

  /** @throws Problem `no-such-ban`, also for one that is over */
  async lift({ tx, now, record }: Change, id: string): Promise<void> {
    const lifted = await tx.deleteFrom('bans').where('id', '=', id).returningAll().executeTakeFirst();
    if (!lifted || lifted.expires_at <= now) throw new Problem('no-such-ban', 'No ban has this id.');
    const { address, expiresAt } = toBan(lifted);
    await record({ action: 'ban.delete', subject: id, from: { address, expiresAt } });
  }
}

function toBan({ id, address, failures, created_at, expires_at }: BansTable) {
  return { id, address, failures, createdAt: iso(created_at), expiresAt: iso(expires_at) };
}
