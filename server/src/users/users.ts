import type { z } from 'zod';
import { difference } from '../audit/audit.ts';
import type { Database, Db, Tx } from '../db/database.ts';
import { isConflict } from '../db/errors.ts';
import { hasPart } from '../db/parts.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import { lockFor } from '../db/write-lock.ts';
import { endPhonesOf, revokeDevicesOf } from '../devices/revoke.ts';
import type { Change } from '../http/change.ts';
import { faultyField, Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import type { Numbers } from '../numbers/numbers.ts';
import { loadCallingLimits } from '../policies/calling-limits.ts';
import { randomId } from '../random.ts';
import { callerNumber } from './caller-number.ts';
import { type ExtensionRange, nextExtension } from './extensions.ts';
import { verifyPassword } from './password.ts';
import type { roleSchema, userSchema } from './schemas.ts';

export type User = z.input<typeof userSchema>;
export type Role = z.output<typeof roleSchema>;

export interface NewUser {
  readonly name: string;
  readonly login: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly extension?: string | undefined;
  readonly policyId?: string | null | undefined;
}

export interface UserChange {
  readonly login?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly extension?: string | undefined;
  readonly policyId?: string | null | undefined;
  readonly disabled?: boolean | undefined;
  /** Of a password that differs from the present one. */
  readonly passwordHash?: string | undefined;
}

export interface UserFilter extends PageAsked {
  readonly login?: string | undefined;
  readonly extension?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly policyId?: string | undefined;
  /** Part of a name or login. */
  readonly search?: string | undefined;
}

export interface UsersOptions {
  /** Of the extensions that are given out. */
  readonly range: ExtensionRange;
  /** Those that the gateway knows; operators may have named more. */
  readonly emergencyNumbers: readonly string[];
}

/** What users are and how they change. */
export class Users {
  readonly #database: Database;
  readonly #options: UsersOptions;
  readonly #numbers: Numbers;
  constructor(database: Database, options: UsersOptions, numbers: Numbers) {
    this.#database = database;
    this.#options = options;
    this.#numbers = numbers;
  }

  /** @throws Problem `login-taken`, `extension-taken`, `no-extension-left`, or `invalid-request` */
  async create({ tx, now, record }: Change, given: NewUser): Promise<User> {
    const { name, login, role, passwordHash, policyId = null } = given;
    await mustBePolicy(tx, policyId);
    const id = randomId('us');
    const never = await this.#emergencyNumbers(tx);
    mustBeNoEmergency(given.extension, never);
    const extension = given.extension ?? (await nextExtension(tx, this.#options.range, never));
    const row = { id, login, name, role, extension, policy_id: policyId, created_at: now };
    await tx
      .insertInto('users')
      .values({ ...row, password_hash: passwordHash })
      .execute()
      .catch((error: unknown) => {
        throw conflict(error, given);
      });
    await record({ action: 'user.create', subject: id, to: { name, login, role, extension, policyId } });
    return toUser({ ...row, disabled_at: null, number: null });
  }

  /** @throws Problem `no-such-user` */
  async get(id: string, db: Db = this.#database.db): Promise<User> {
    const user = await selectUsers(db).where('users.id', '=', id).executeTakeFirst();
    if (!user) throw noSuchUser();
    return toUser(user);
  }

  /** A page of users in the order in which they were created. */
  async list(filter: UserFilter): Promise<{ users: User[]; next: string | null }> {
    let query = selectUsers(this.#database.db);
    if (filter.login !== undefined) query = query.where('users.login', '=', filter.login);
    if (filter.extension !== undefined) query = query.where('users.extension', '=', filter.extension);
    if (filter.policyId !== undefined) query = query.where('users.policy_id', '=', filter.policyId);
    if (filter.role !== undefined) query = query.where('users.role', '=', filter.role);
    if (filter.disabled !== undefined) {
      query = query.where('users.disabled_at', filter.disabled ? 'is not' : 'is', null);
    }
    if (filter.search !== undefined) {
      query = query.where(await hasPart(this.#database, 'users', filter.search));
    }
    const order = { table: 'users', by: 'created_at', id: 'id' } as const;
    const { items, next } = await readPage(query, filter, order);
    return { users: items.map(toUser), next };
  }

  /** Whether this is not the user's present password. @throws Problem `no-such-user` */
  async isNewPassword(id: string, password: string): Promise<boolean> {
    const user = await this.#database.db
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', id)
      .executeTakeFirst();
    if (!user) throw noSuchUser();
    return !(await verifyPassword(user.password_hash, password));
  }

  /**
   * A new password, another extension and being disabled sign the user out everywhere.
   * @returns the user, and whether there is something to tell the gateway
   * @throws Problem `no-such-user`, `login-taken`, `extension-taken`, or `invalid-request`
   */
  async update({ tx, now, record }: Change, id: string, change: UserChange) {
    const { passwordHash, ...facts } = change;
    const before = await this.get(id, tx);
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    const changed = difference(before, given);
    if (!changed && passwordHash === undefined) return { user: before, toTell: false };
    const { disabled, policyId, ...columns } = given as Omit<UserChange, 'passwordHash'>;
    await mustBePolicy(tx, policyId);
    if (changed && 'extension' in changed.to)
      mustBeNoEmergency(columns.extension, await this.#emergencyNumbers(tx));
    const set = {
      ...columns,
      ...(policyId !== undefined && { policy_id: policyId }),
      ...(changed && 'disabled' in changed.to && { disabled_at: disabled ? now : null }),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
    };
    await tx
      .updateTable('users')
      .set(set)
      .where('id', '=', id)
      .execute()
      .catch((error: unknown) => {
        throw conflict(error, facts);
      });
    const password = passwordHash === undefined ? undefined : { password: 'changed' };
    await record({
      action: 'user.update',
      subject: id,
      ...(changed && { from: changed.from }),
      to: { ...changed?.to, ...password },
    });
    const endsPhones = changed?.to.extension !== undefined || changed?.to.disabled === true;
    const ended = [
      endsPhones && (await endPhonesOf(tx, id)),
      (endsPhones || password !== undefined) && (await revokeDevicesOf(tx, { userId: id })),
    ];
    return { user: await this.get(id, tx), toTell: ended.includes(true) };
  }

  /**
   * Their numbers go into quarantine; what lives of them on the gateway ends.
   * @returns whether there is something to tell the gateway
   * @throws Problem `no-such-user`
   */
  async delete(change: Change, id: string): Promise<boolean> {
    const { tx, record } = change;
    const { name, login, role, extension } = await this.get(id, tx);
    const ended = [await endPhonesOf(tx, id), await revokeDevicesOf(tx, { userId: id })];
    await this.#numbers.releaseAllOf(change, id);
    await tx.deleteFrom('users').where('id', '=', id).execute();
    await record({ action: 'user.delete', subject: id, from: { name, login, role, extension } });
    return ended.includes(true);
  }

  /** Nobody's extensions: whoever dialled one would call for help. None is added until this transaction ends. */
  async #emergencyNumbers(tx: Tx): Promise<ReadonlySet<string>> {
    await lockFor(tx, this.#database.dialect, 'extensions');
    const { emergencyNumbers } = await loadCallingLimits(tx);
    return new Set([...this.#options.emergencyNumbers, ...emergencyNumbers]);
  }
}

function mustBeNoEmergency(extension: string | undefined, never: ReadonlySet<string>): void {
  if (extension !== undefined && never.has(extension))
    throw faultyField('extension', 'must not be an emergency number');
}

function noSuchUser(): Problem {
  return new Problem('no-such-user', 'No user has this id.');
}

async function mustBePolicy(tx: Tx, id: string | null | undefined): Promise<void> {
  if (id === undefined || id === null) return;
  const policy = await tx.selectFrom('policies').select('id').where('id', '=', id).executeTakeFirst();
  if (!policy) throw faultyField('policyId', 'is no policy’s id');
}

/** What a unique constraint refused, in words. */
function conflict(error: unknown, { login, extension }: Pick<UserChange, 'login' | 'extension'>) {
  if (isConflict(error, 'users', 'login')) return new Problem('login-taken', `${login} is taken.`);
  if (isConflict(error, 'users', 'extension')) {
    return new Problem('extension-taken', `Extension ${extension} is taken.`);
  }
  return error;
}

interface UserRow {
  id: string;
  name: string;
  login: string;
  role: Role;
  extension: string;
  disabled_at: number | null;
  policy_id: string | null;
  created_at: number;
  number: string | null;
}

function selectUsers(db: Db) {
  return db
    .selectFrom('users')
    .select(['users.id', 'users.name', 'users.login', 'users.role', 'users.extension'])
    .select(['users.disabled_at', 'users.policy_id', 'users.created_at'])
    .select(callerNumber);
}

function toUser({ created_at, disabled_at, policy_id, ...row }: UserRow): User {
  return { ...row, disabled: disabled_at !== null, policyId: policy_id, createdAt: iso(created_at) };
}
