import { hkdfSync } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import type { Person, RequestFacts } from '../http/route.ts';
import { iso } from '../http/text.ts';
import { randomId } from '../random.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'handset';
const AUDIENCE = 'phone';
const KEY_BYTES = 32;

/**
 * In place of a session cookie's digest: no digest has this form, so that no cookie signs in on such a device.
 */
const NO_SESSION = 'token:';

const claimsSchema = z.object({ sub: z.string(), device: z.string() });

export interface PhoneTokenOptions {
  /** Of this installation alone; the key of the tokens is derived from it. */
  readonly secret: string;
  /** How long SIP credentials live, in ms: so long may a phone go on without another token. */
  readonly credentialMs: number;
}

/**
 * Tokens with which a page of somebody else's gets a phone's configuration in a user's name (JWT, RFC 7519). Each is
 * of one device, that operators see in the list and can revoke like any other.
 */
export class PhoneTokens {
  readonly #database: Database;
  readonly #key: Uint8Array;
  readonly #credentialMs: number;
  constructor(database: Database, { secret, credentialMs }: PhoneTokenOptions) {
    this.#database = database;
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'handset phone token', KEY_BYTES));
    this.#credentialMs = credentialMs;
  }

  /**
   * @param given.deviceId of an earlier token, for a phone that goes on; else it is a new device
   * @throws Problem `no-such-user`, `user-disabled` or `no-such-device`
   */
  async mint(change: Change, userId: string, given: { seconds: number; deviceId?: string | undefined }) {
    const { tx, now, record } = change;
    const user = await tx
      .selectFrom('users')
      .select('disabled_at')
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!user) throw new Problem('no-such-user', 'No user has this id.');
    if (user.disabled_at !== null) throw new Problem('user-disabled', 'Enable the user first.');
    const expiresAt = now + given.seconds * 1000;
    const lives = expiresAt + this.#credentialMs;
    const deviceId = given.deviceId ?? (await this.#addDevice(change, userId, lives));
    if (given.deviceId !== undefined) await this.#prolong(change, userId, given.deviceId, lives);
    await record({
      action: 'phone-token.create',
      subject: deviceId,
      to: { userId, expiresAt: iso(expiresAt) },
    });
    const token = await new SignJWT({ device: deviceId })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(new Date(now))
      .setExpirationTime(new Date(expiresAt))
      .sign(this.#key);
    return { token, deviceId, expiresAt: iso(expiresAt) };
  }

  async #addDevice({ tx, now }: Change, userId: string, expires_at: number): Promise<string> {
    const id = randomId('de');
    const unseen = { user_agent: '', address: '', created_at: now, last_seen_at: now };
    await tx
      .insertInto('devices')
      .values({ id, user_id: userId, session_hash: NO_SESSION + id, ...unseen, expires_at })
      .execute();
    return id;
  }

  async #prolong({ tx, now }: Change, userId: string, deviceId: string, expires_at: number): Promise<void> {
    const prolonged = await tx
      .updateTable('devices')
      .set({ expires_at })
      .where('id', '=', deviceId)
      .where('user_id', '=', userId)
      .where('session_hash', '=', NO_SESSION + deviceId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('id')
      .executeTakeFirst();
    if (!prolonged)
      throw new Problem('no-such-device', 'This user has no live device of a token with this id.');
  }

  /** @returns whose phone it is; `undefined` for a token that is false or over, or whose device or user is */
  async personOf(token: string, { address, userAgent }: RequestFacts): Promise<Person | undefined> {
    const claims = await this.#verify(token);
    if (!claims) return undefined;
    const { db } = this.#database;
    const now = Date.now();
    const device = await db
      .selectFrom('devices')
      .innerJoin('users', 'users.id', 'devices.user_id')
      .select(['devices.id', 'devices.user_id', 'devices.expires_at', 'users.login'])
      .where('devices.id', '=', claims.device)
      .where('devices.user_id', '=', claims.sub)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where('users.disabled_at', 'is', null)
      .executeTakeFirst();
    if (!device) return undefined;
    await db
      .updateTable('devices')
      .set({ address, user_agent: userAgent, last_seen_at: now })
      .where('id', '=', device.id)
      .execute();
    return {
      actor: { kind: 'user', id: device.user_id, name: device.login },
      userId: device.user_id,
      // A token is for a phone, whoever it is: it operates nothing.
      role: 'user',
      deviceId: device.id,
      sessionExpiresAt: device.expires_at,
    };
  }

  async #verify(token: string): Promise<z.output<typeof claimsSchema> | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
      });
      return claimsSchema.safeParse(payload).data;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
