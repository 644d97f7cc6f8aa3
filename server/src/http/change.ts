import { createHmac } from 'node:crypto';
import { type AuditEntry, recordAudit } from '../audit/audit.ts';
import type { Database, Tx } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import type { Actor } from './actor.ts';
import { Problem } from './problem.ts';
import type { Reply } from './route.ts';

/** A transaction that changes something, with who does it. */
export interface Change {
  readonly tx: Tx;
  readonly by: Actor;
  /** When it is done, in ms since the epoch. */
  readonly now: number;
  /** Writes down in the audit log what was changed. */
  record(...entries: readonly AuditEntry[]): Promise<void>;
  /** To be done once the change is committed; not at all where it is not. */
  afterCommit(work: () => void): void;
}

/** Makes a change and answers with it, all in one transaction: a problem thrown undoes everything. */
export type Transact = (work: (change: Change) => Promise<Reply>) => Promise<Reply>;

/** A request that its sender may send again, to be done once. */
export interface Repeatable {
  readonly key: string;
  /** Tells this request from others with the same key. */
  readonly fingerprint: string;
  /** Whether the reply may be kept: not where it shows a secret. */
  readonly keepsReply: boolean;
}

/** A key is remembered this long, in ms. */
const REMEMBERED_MS = 24 * 3_600_000;

/** Header of a reply that was given before. */
const REPLAYED = { 'Idempotency-Replayed': 'true' };

/** @param repeatable where the request has an `Idempotency-Key` */
export function transact(database: Database, by: Actor, repeatable?: Repeatable): Transact {
  return async (work) => {
    if (!repeatable) return inTransaction(database, by, work);
    const before = await replyOf(database, by, repeatable);
    if (before) return before;
    try {
      return await inTransaction(database, by, (change) => onlyOnce(change, repeatable, work));
    } catch (error) {
      if (!isConflict(error, 'idempotency_keys', 'actor_id')) throw error;
      // The same request was under way and has been committed meanwhile.
      const done = await replyOf(database, by, repeatable);
      if (done) return done;
      throw error;
    }
  };
}

async function inTransaction(
  { db }: Database,
  by: Actor,
  work: (change: Change) => Promise<Reply>,
): Promise<Reply> {
  const after: (() => void)[] = [];
  const now = Date.now();
  const reply = await db.transaction().execute((tx) =>
    work({
      tx,
      by,
      now,
      record: (...entries) => recordAudit(tx, by, now, entries),
      afterCommit: (todo) => void after.push(todo),
    }),
  );
  for (const todo of after) todo();
  return reply;
}

/**
 * The key is written down first: a second request with it waits for the end of this transaction, and then either
 * finds the reply or, where this one came to nothing, does the work itself. The reply is committed with the change,
 * so that no crash can part the two.
 */
async function onlyOnce(
  change: Change,
  { key, fingerprint, keepsReply }: Repeatable,
  work: (change: Change) => Promise<Reply>,
): Promise<Reply> {
  const { tx, by, now } = change;
  await tx
    .deleteFrom('idempotency_keys')
    .where('created_at', '<', now - REMEMBERED_MS)
    .execute();
  await tx
    .insertInto('idempotency_keys')
    .values({ actor_id: by.id, key, fingerprint, created_at: now, reply: null })
    .execute();
  const reply = await work(change);
  await tx
    .updateTable('idempotency_keys')
    .set({ reply: keepsReply ? JSON.stringify(reply) : null })
    .where('actor_id', '=', by.id)
    .where('key', '=', key)
    .execute();
  return reply;
}

/** @throws Problem `idempotency-key-reused` or `reply-not-kept` */
async function replyOf(
  { db }: Database,
  by: Actor,
  { key, fingerprint }: Repeatable,
): Promise<Reply | undefined> {
  const kept = await db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'reply'])
    .where('actor_id', '=', by.id)
    .where('key', '=', key)
    .where('created_at', '>', Date.now() - REMEMBERED_MS)
    .executeTakeFirst();
  if (!kept) return undefined;
  if (kept.fingerprint !== fingerprint) {
    throw new Problem('idempotency-key-reused', 'This key was used for another request.');
  }
  if (kept.reply === null) {
    throw new Problem('reply-not-kept', 'This was done before; what it showed once is not kept.');
  }
  const reply: Reply = JSON.parse(kept.reply);
  return { ...reply, headers: { ...reply.headers, ...REPLAYED } };
}

/**
 * @param secret keys the digest: a body may have a password, and its plain digest could be tried out by whoever
 *   reads the database
 */
export function fingerprintOf(secret: string, ...parts: readonly unknown[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex');
}
