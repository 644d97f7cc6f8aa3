import { difference } from '../audit/audit.ts';
import type { Database, Db } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { PoliciesTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';
import { DEFAULT_POLICY, type Rules, readRules } from './rules.ts';

export type Policy = ReturnType<typeof toPolicy>;

/** What is given is to be so from now on. */
export type PolicyChange = { readonly [Name in keyof Rules]?: Rules[Name] | undefined } & {
  readonly name?: string | undefined;
};

/** Calling permissions, by name; a user has one of them, or the default one. */
export class Policies {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order in which they were made: the default one first. */
  async list({ name, ...asked }: PageAsked & { readonly name?: string | undefined }) {
    let all = this.#database.db.selectFrom('policies').selectAll();
    if (name !== undefined) all = all.where('name', '=', name);
    const order = { table: 'policies', by: 'created_at', id: 'id' } as const;
    const { items, next } = await readPage(all, asked, order);
    return { policies: items.map(toPolicy), next };
  }

  /** @throws Problem `no-such-policy` */
  async get(id: string, db: Db = this.#database.db): Promise<Policy> {
    const row = await db.selectFrom('policies').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new Problem('no-such-policy', 'No policy has this id.');
    return toPolicy(row);
  }

  async create({ tx, now, record }: Change, name: string, rules: Rules): Promise<Policy> {
    const row = { id: randomId('po'), name, rules: JSON.stringify(rules), created_at: now };
    await tx.insertInto('policies').values(row).execute();
    await record({ action: 'policy.create', subject: row.id, to: { name, ...rules } });
    return toPolicy(row);
  }

  /** Holds for calls from then on; those that are up keep what they were given. @throws Problem `no-such-policy` */
  async update({ tx, record }: Change, id: string, given: PolicyChange): Promise<Policy> {
    const before = await this.get(id, tx);
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const after = { ...before, ...set };
    const changed = difference(before, after);
    if (!changed) return before;
    const { id: _id, name, isDefault: _isDefault, createdAt: _createdAt, ...rules } = after;
    await tx
      .updateTable('policies')
      .set({ name, rules: JSON.stringify(rules) })
      .where('id', '=', id)
      .execute();
    await record({ action: 'policy.update', subject: id, ...changed });
    return after;
  }

  /** @throws Problem `no-such-policy` or `policy-in-use` */
  async delete({ tx, record }: Change, id: string): Promise<void> {
    const { name } = await this.get(id, tx);
    const user = await tx.selectFrom('users').select('id').where('policy_id', '=', id).executeTakeFirst();
    if (user || id === DEFAULT_POLICY) {
      throw new Problem('policy-in-use', user ? 'Users have this policy.' : 'It is the default policy.');
    }
    await tx.deleteFrom('policies').where('id', '=', id).execute();
    await record({ action: 'policy.delete', subject: id, from: { name } });
  }
}

function toPolicy({ id, name, rules, created_at }: PoliciesTable) {
  return { id, name, isDefault: id === DEFAULT_POLICY, ...readRules(rules), createdAt: iso(created_at) };
}
