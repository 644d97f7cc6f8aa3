import type { Database } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { ApiKeysTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import type { Operator } from '../http/route.ts';
import { type Scope, scopeSchema } from '../http/scopes.ts';
import { iso } from '../http/text.ts';
import { randomId, randomSecret, sha256 } from '../random.ts';

const FIRST_KEY = 'akfirst';
const KEY_BITS = 256;
/** So that people, and scanners of source code, know what they look at. */
const KEY_PREFIX = 'hsk_';
/** `last_used_at` is kept this exact, in ms: not every request shall write. */
const USED_MS = 60_000;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** The operators' API keys, kept as digests. */
export class ApiKeys {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Makes the installation's own key valid; one that stood in its place before is not any more. The same key again
   * changes nothing: once revoked, it stays so.
   */
  async ensureFirst(key: string): Promise<void> {
    const { db } = this.#database;
    const row = { id: FIRST_KEY, name: 'First key', key_hash: sha256(key), created_at: Date.now() };
    const scopes = scopesText(['admin']);
    await db
      .insertInto('api_keys')
      .values({ ...row, scopes })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ key_hash: row.key_hash, scopes, revoked_at: null })
          .where('api_keys.key_hash', '!=', row.key_hash),
      )
      .execute();
  }

  /** @returns whose key it is and what they may; `undefined` for one that is revoked or never was */
  async operatorOf(key: string): Promise<Operator | undefined> {
    if (key === '') return undefined;
    const { db } = this.#database;
    const now = Date.now();
    const found = await db
      .selectFrom('api_keys')
      .select(['id', 'name', 'scopes', 'last_used_at'])
      .where('key_hash', '=', sha256(key))
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (!found) return undefined;
    if (now - (found.last_used_at ?? 0) > USED_MS) {
      await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', found.id).execute();
    }
    return {
      actor: { kind: 'key', id: found.id, name: found.name },
      scopes: new Set(scopesOf(found.scopes)),
    };
  }

  /** Oldest first; without a filter the revoked ones are among them. */
  async list({ revoked, ...asked }: PageAsked & { readonly revoked?: boolean | undefined }) {
    let all = this.#database.db.selectFrom('api_keys').selectAll();
    if (revoked !== undefined) all = all.where('revoked_at', revoked ? 'is not' : 'is', null);
    const order = { table: 'api_keys', by: 'created_at', id: 'id' } as const;
    const { items, next } = await readPage(all, asked, order);
    return { apiKeys: items.map(toApiKey), next };
  }

  /** @returns the new key: the only time that it is shown */
  async create(change: Change, name: string, scopes: readonly Scope[]): Promise<ApiKey & { key: string }> {
    const id = randomId('ak');
    const key = KEY_PREFIX + randomSecret(KEY_BITS);
    const row = {
      id,
      name,
      key_hash: sha256(key),
      scopes: scopesText(scopes),
      created_at: change.now,
      last_used_at: null,
      revoked_at: null,
    };
    await change.tx.insertInto('api_keys').values(row).execute();
    const made = toApiKey(row);
    await change.record({ action: 'api-key.create', subject: id, to: { name, scopes: made.scopes } });
    return { ...made, key };
  }

  /** The key is not valid any more with the commit; again, it changes nothing. @throws Problem `no-such-api-key` */
  async revoke(change: Change, id: string): Promise<void> {
    const { tx, now } = change;
    const revoked = await tx
      .updateTable('api_keys')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning(['name', 'scopes'])
      .executeTakeFirst();
    if (revoked) {
      const from = { name: revoked.name, scopes: scopesOf(revoked.scopes) };
      await change.record({ action: 'api-key.revoke', subject: id, from });
      return;
    }
    const found = await tx.selectFrom('api_keys').select('id').where('id', '=', id).executeTakeFirst();
    if (!found) throw new Problem('no-such-api-key', 'No API key has this id.');
  }
}

/** Scopes as the column has them: names in one text. */
function scopesText(scopes: readonly Scope[]): string {
  return [...new Set(scopes)].join(' ');
}

/** A scope that this version does not know allows nothing. */
function scopesOf(text: string): Scope[] {
  return text.split(' ').flatMap((name) => scopeSchema.safeParse(name).data ?? []);
}

function toApiKey(row: ApiKeysTable): ApiKey {
  const time = (ms: number | null) => (ms === null ? null : iso(ms));
  return {
    id: row.id,
    name: row.name,
    scopes: scopesOf(row.scopes),
    createdAt: iso(row.created_at),
    lastUsedAt: time(row.last_used_at),
    revokedAt: time(row.revoked_at),
  };
}
