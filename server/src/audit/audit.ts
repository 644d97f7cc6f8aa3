import { isDeepStrictEqual } from 'node:util';
import type { Database, Tx } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { AuditLogTable } from '../db/tables.ts';
import type { Actor } from '../http/actor.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';

/** What of a thing changed, by name. Never a secret: a new password is told as `password: 'changed'`. */
export type Facts = Readonly<Record<string, unknown>>;

/** One change of one thing. */
export interface AuditEntry {
  /** `<thing>.<what was done>`, such as `user.update`. */
  readonly action: string;
  /** The id of the thing. */
  readonly subject: string;
  /** What changed, as it was before; absent for what is new. */
  readonly from?: Facts;
  /** The same, as it is now; absent for what is gone. */
  readonly to?: Facts;
}

/** PostgreSQL takes at most 65,535 values in a statement; a row has nine. */
const ROWS_AT_ONCE = 1_000;

/** Writes down changes in the transaction that makes them: neither is ever without the other. */
export async function recordAudit(
  tx: Tx,
  by: Actor,
  at: number,
  entries: readonly AuditEntry[],
): Promise<void> {
  const rows = entries.map(({ action, subject, from, to }) => ({
    id: randomId('au'),
    at,
    actor_kind: by.kind,
    actor_id: by.id,
    actor_name: by.name,
    action,
    subject,
    before: from === undefined ? null : JSON.stringify(from),
    after: to === undefined ? null : JSON.stringify(to),
  }));
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    await tx
      .insertInto('audit_log')
      .values(rows.slice(first, first + ROWS_AT_ONCE))
      .execute();
  }
}

/**
 * What differs between two states of a thing.
 * @returns `undefined` where nothing does
 */
export function difference(before: Facts, after: Facts): { from: Facts; to: Facts } | undefined {
  const names = Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (names.length === 0) return undefined;
  const pick = (facts: Facts) => Object.fromEntries(names.map((name) => [name, facts[name] ?? null]));
  return { from: pick(before), to: pick(after) };
}

export interface AuditFilter extends PageAsked {
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  /** Made at or after this, and before `to`; in ms since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Reads the log, newest first. */
export class AuditLog {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async list(filter: AuditFilter) {
    let query = this.#database.db.selectFrom('audit_log').selectAll();
    if (filter.action !== undefined) query = query.where('action', '=', filter.action);
    if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
    if (filter.actor !== undefined) query = query.where('actor_id', '=', filter.actor);
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('at', '<', filter.to);
    const order = { table: 'audit_log', by: 'at', id: 'id', newestFirst: true } as const;
    const { items, next } = await readPage(query, filter, order);
    return { entries: items.map(toEntry), next };
  }
}

function toEntry(row: AuditLogTable) {
  const read = (text: string | null): Facts | null => (text === null ? null : JSON.parse(text));
  return {
    id: row.id,
    at: iso(row.at),
    by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject,
    from: read(row.before),
    to: read(row.after),
  };
}
