import type { Database } from '../db/database.ts';
import { sha256 } from '../random.ts';

const FIRST_KEY = 'akfirst';
/** `last_used_at` is kept this exact, in ms: not every request shall write. */
const USED_MS = 60_000;

/** The operators' API keys, kept as digests. */
export class ApiKeys {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes the installation's own key valid; one that stood in its place before is not any more. */
  async ensureFirst(key: string): Promise<void> {
    const row = { id: FIRST_KEY, name: 'First key', key_hash: sha256(key), created_at: Date.now() };
    await this.#database.db
      .insertInto('api_keys')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ key_hash: row.key_hash }))
      .execute();
  }

  async isKnown(key: string): Promise<boolean> {
    if (key === '') return false;
    const { db } = this.#database;
    const now = Date.now();
    const found = await db
      .selectFrom('api_keys')
      .select(['id', 'last_used_at'])
      .where('key_hash', '=', sha256(key))
      .executeTakeFirst();
    if (!found) return false;
    if (now - (found.last_used_at ?? 0) > USED_MS) {
      await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', found.id).execute();
    }
    return true;
  }
}
