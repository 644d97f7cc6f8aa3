import { type Expression, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { Database, Db, Tx } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import { lockFor } from '../db/write-lock.ts';
import { revokeDevicesOf } from '../devices/revoke.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';
import { callerNumber } from './caller-number.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { userSchema } from './schemas.ts';

export type User = z.input<typeof userSchema>;

/** Which extensions are given out. */
export interface ExtensionRange {
  readonly first: number;
  readonly last: number;
}

export interface NewUser {
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly extension?: string | undefined;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
}

/** What users are and how they change. */
export class Users {
  readonly #database: Database;
  readonly #range: ExtensionRange;
  constructor(database: Database, range: ExtensionRange) {
    this.#database = database;
    this.#range = range;
  }

  /** @throws Problem `login-taken`, `extension-taken` or `no-extension-left` */
  async create(given: NewUser): Promise<User> {
    const { db, dialect } = this.#database;
    const password_hash = await hashPassword(given.password);
    const id = randomId('us');
    const created_at = Date.now();
    const { name, login } = given;
    try {
      return await db.transaction().execute(async (tx) => {
        await lockFor(tx, dialect, 'extensions');
        const extension = given.extension ?? (await this.#nextExtension(tx));
        const row = { id, login, name, password_hash, role: 'user' as const, extension, created_at };
        await tx.insertInto('users').values(row).execute();
        return { id, name, login, extension, number: null, createdAt: iso(created_at) };
      });
    } catch (error) {
      if (isConflict(error, 'users', 'login')) throw new Problem('login-taken', `${login} is taken.`);
      if (isConflict(error, 'users', 'extension')) {
        throw new Problem('extension-taken', `Extension ${given.extension} is taken.`);
      }
      throw error;
    }
  }

  /** @throws Problem `no-such-user` */
  async get(id: string): Promise<User> {
    const user = await selectUsers(this.#database.db).where('users.id', '=', id).executeTakeFirst();
    if (!user) throw new Problem('no-such-user', 'No user has this id.');
    return toUser(user);
  }

  /**
   * A page of users in the order in which they were created.
   * @param after the last user of the page before
   */
  async list(filter: {
    login?: string | undefined;
    limit: number;
    after?: Position | undefined;
  }): Promise<User[]> {
    const { login, after, limit } = filter;
    let query = selectUsers(this.#database.db).orderBy('users.created_at').orderBy('users.id').limit(limit);
    if (login !== undefined) query = query.where('users.login', '=', login);
    if (after !== undefined) query = query.where(isAfter(after));
    return (await query.execute()).map(toUser);
  }

  /**
   * A new password signs the user out everywhere; the same one again changes nothing.
   * @returns whether there is something to tell the gateway
   * @throws Problem `no-such-user`
   */
  async update(id: string, change: UserChange): Promise<boolean> {
    const { name, password } = change;
    const { db } = this.#database;
    const before = await db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', id)
      .executeTakeFirst();
    if (!before) throw new Problem('no-such-user', 'No user has this id.');
    const isNew = password !== undefined && !(await verifyPassword(before.password_hash, password));
    const set = {
      ...(name !== undefined && { name }),
      ...(isNew && { password_hash: await hashPassword(password) }),
    };
    if (Object.keys(set).length === 0) return false;
    return db.transaction().execute(async (tx) => {
      await tx.updateTable('users').set(set).where('id', '=', id).execute();
      return isNew && (await revokeDevicesOf(tx, { userId: id }));
    });
  }

  async #nextExtension(tx: Tx): Promise<string> {
    const { first, last } = this.#range;
    const highest = await tx
      .selectFrom('users')
      .select('extension')
      .orderBy(sql`length(extension)`, 'desc')
      .orderBy('extension', 'desc')
      .limit(1)
      .executeTakeFirst();
    // One above the highest: an extension that was given up is not someone else's the same day.
    const next = Math.max(first, Number(highest?.extension ?? 0) + 1);
    if (next <= last) return String(next);
    const gap = await lowestGap(tx, this.#range);
    if (gap === undefined)
      throw new Problem('no-extension-left', `Extensions ${first} to ${last} are all taken.`);
    return gap;
  }
}

/** The lowest free extension, where the top of the range is taken: then all are read. */
async function lowestGap(tx: Tx, { first, last }: ExtensionRange): Promise<string | undefined> {
  const { rows } = await sql<{ free: number | null }>`
    select min(candidate) as free from (
      select ${sql.lit(first)} as candidate
      union all
      select cast(extension as integer) + 1 from users
    ) as candidates
    where candidate between ${sql.lit(first)} and ${sql.lit(last)}
      and not exists (select 1 from users where extension = cast(candidate as text))`.execute(tx);
  const free = rows[0]?.free;
  return free === null || free === undefined ? undefined : String(free);
}

/** Where in the list a page ended. */
export interface Position {
  readonly createdAt: number;
  readonly id: string;
}

function isAfter({ createdAt, id }: Position): Expression<SqlBool> {
  return sql<SqlBool>`(users.created_at, users.id) > (${createdAt}, ${id})`;
}

interface UserRow {
  id: string;
  name: string;
  login: string;
  extension: string;
  created_at: number;
  number: string | null;
}

function selectUsers(db: Db) {
  return db
    .selectFrom('users')
    .select(['users.id', 'users.name', 'users.login', 'users.extension', 'users.created_at'])
    .select(callerNumber);
}

function toUser({ created_at, ...row }: UserRow): User {
  return { ...row, createdAt: iso(created_at) };
}
