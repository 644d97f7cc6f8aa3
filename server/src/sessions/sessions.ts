import { recordAudit } from '../audit/audit.ts';
import type { Database, Db } from '../db/database.ts';
import { revokeDevicesOf } from '../devices/revoke.ts';
import type { Actor } from '../http/actor.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import type { Person, RequestFacts } from '../http/route.ts';
import { randomId, randomSecret, sha256 } from '../random.ts';
import { callerNumber } from '../users/caller-number.ts';
import { verifyPassword } from '../users/password.ts';
import type { SignInLimit } from './sign-in-limit.ts';

/** A browser stays signed in this long, in ms. */
const SESSION_MS = 30 * 24 * 3_600_000;
/** `last_seen_at` is kept this exact, in ms: not every request shall write. */
const SEEN_MS = 60_000;
const TOKEN_BITS = 256;

/** Who is signed in on which device. */
export interface Session {
  readonly user: Self;
  readonly device: { readonly id: string };
}

export interface Self {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly extension: string;
  readonly number: string | null;
}

/** Signing in and out. One sign-in is one device. */
export class Sessions {
  readonly #database: Database;
  readonly #limit: SignInLimit;
  constructor(database: Database, limit: SignInLimit) {
    this.#database = database;
    this.#limit = limit;
  }

  /**
   * @returns the session, and the token that the browser keeps as a cookie
   * @throws Problem `sign-in-failed` (an unknown login, a wrong password and a disabled user alike), or
   *   `too-many-attempts` with `Retry-After`
   */
  async signIn(login: string, password: string, facts: RequestFacts) {
    const waitMs = this.#limit.begin(login, facts.address);
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    const { db } = this.#database;
    const user = await db
      .selectFrom('users')
      .select(['id', 'password_hash'])
      .where('login', '=', login)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    if (!(await verifyPassword(user?.password_hash, password)) || !user) {
      throw new Problem('sign-in-failed', 'Login or password is wrong.', {
        headers: { 'WWW-Authenticate': 'Session realm="handset"' },
      });
    }
    this.#limit.succeeded(login, facts.address);
    const token = randomSecret(TOKEN_BITS);
    const actor: Actor = { kind: 'user', id: user.id, name: login };
    const { deviceId, expiresAt } = await this.#addDevice(actor, token, facts);
    return { session: await this.get({ userId: user.id, deviceId }), token, expiresAt };
  }

  async #addDevice(actor: Actor, token: string, { address, userAgent }: RequestFacts) {
    const now = Date.now();
    const id = randomId('de');
    const expires_at = now + SESSION_MS;
    const seen = { user_agent: userAgent, address, created_at: now, last_seen_at: now };
    await this.#database.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('devices')
        .values({ id, user_id: actor.id, session_hash: sha256(token), ...seen, expires_at })
        .execute();
      const to = { userId: actor.id, userAgent, address };
      await recordAudit(tx, actor, now, [{ action: 'device.sign-in', subject: id, to }]);
    });
    return { deviceId: id, expiresAt: expires_at };
  }

  /** @returns who the session token belongs to; `undefined` where it has ended or never was */
  async personOf(token: string): Promise<Person | undefined> {
    const now = Date.now();
    const { db } = this.#database;
    const device = await db
      .selectFrom('devices')
      .innerJoin('users', 'users.id', 'devices.user_id')
      .select(['devices.id', 'devices.user_id', 'devices.expires_at', 'devices.last_seen_at'])
      .select(['users.login', 'users.role'])
      .where('session_hash', '=', sha256(token))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where('users.disabled_at', 'is', null)
      .executeTakeFirst();
    if (!device) return undefined;
    if (now - device.last_seen_at > SEEN_MS) {
      await db.updateTable('devices').set({ last_seen_at: now }).where('id', '=', device.id).execute();
    }
    return {
      actor: { kind: 'user', id: device.user_id, name: device.login },
      userId: device.user_id,
      role: device.role,
      deviceId: device.id,
      sessionExpiresAt: device.expires_at,
    };
  }

  async get({ userId, deviceId }: Pick<Person, 'userId' | 'deviceId'>): Promise<Session> {
    return { user: await selfOf(this.#database.db, userId), device: { id: deviceId } };
  }

  /** Ends this session. @returns whether there is something to tell the gateway */
  async signOut(change: Change, { deviceId }: Person): Promise<boolean> {
    await change.record({ action: 'device.sign-out', subject: deviceId });
    return revokeDevicesOf(change.tx, { deviceId });
  }
}

/** @throws Problem `not-authenticated` where the user has gone meanwhile */
export async function selfOf(db: Db, userId: string): Promise<Self> {
  const self = await db
    .selectFrom('users')
    .select(['users.id', 'users.name', 'users.login', 'users.extension'])
    .select(callerNumber)
    .where('users.id', '=', userId)
    .executeTakeFirst();
  if (!self) throw new Problem('not-authenticated', 'Please sign in.');
  return self;
}

function tooManyAttempts(waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem('too-many-attempts', `Please wait ${seconds} s before trying again.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
