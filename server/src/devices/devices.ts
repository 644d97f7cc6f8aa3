import type { Database, Db } from '../db/database.ts';
import { type PageAsked, readPage } from '../db/read-page.ts';
import type { DevicesTable } from '../db/tables.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { iso } from '../http/text.ts';
import { revokeDevicesOf } from './revoke.ts';

export interface DeviceFilter extends PageAsked {
  /** Whether those that were signed out, or whose time is over, are listed in place of the live ones. */
  readonly ended: boolean;
}

/** @returns the credentials with a contact on the gateway; `undefined` where it can't be asked now */
export type Registered = () => Promise<ReadonlySet<string> | undefined>;

/** What people are signed in on. */
export class Devices {
  readonly #database: Database;
  readonly #registered: Registered;
  constructor(database: Database, registered: Registered) {
    this.#database = database;
    this.#registered = registered;
  }

  /** A user's devices, the last sign-in first. @throws Problem `no-such-user` */
  async list(userId: string, { ended, ...asked }: DeviceFilter) {
    const { db } = this.#database;
    await mustExist(db, userId);
    const now = Date.now();
    const query = db
      .selectFrom('devices')
      .selectAll()
      .where('user_id', '=', userId)
      .where((is) => {
        const live = is.and([is('revoked_at', 'is', null), is('expires_at', '>', now)]);
        return ended ? is.not(live) : live;
      });
    const order = { table: 'devices', by: 'created_at', id: 'id', newestFirst: true } as const;
    const { items, next } = await readPage(query, asked, order);
    const registered = await this.#registeredOf(items.map(({ id }) => id));
    return { devices: items.map((row) => toDevice(row, registered?.has(row.id) ?? null)), next };
  }

  /** @returns which of these devices have a contact on the gateway; `undefined` where that is not known */
  async #registeredOf(devices: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    const credentials = await this.#registered();
    if (!credentials || devices.length === 0) return credentials;
    const rows = await this.#database.db
      .selectFrom('credentials')
      .select(['id', 'device_id'])
      .where('device_id', 'in', devices)
      .execute();
    return new Set(rows.filter(({ id }) => credentials.has(id)).map((row) => row.device_id));
  }

  /**
   * Signs the user out on this device; again, it changes nothing.
   * @returns whether there is something to tell the gateway
   * @throws Problem `no-such-device`
   */
  async revoke(change: Change, userId: string, deviceId: string): Promise<boolean> {
    const device = await change.tx
      .selectFrom('devices')
      .select('revoked_at')
      .where('id', '=', deviceId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (!device) throw new Problem('no-such-device', 'This user has no device with this id.');
    if (device.revoked_at === null) await change.record({ action: 'device.revoke', subject: deviceId });
    return revokeDevicesOf(change.tx, { deviceId });
  }

  /**
   * Signs the user out everywhere.
   * @returns whether there is something to tell the gateway
   * @throws Problem `no-such-user`
   */
  async revokeAll({ tx, now, record }: Change, userId: string): Promise<boolean> {
    await mustExist(tx, userId);
    const live = await tx
      .selectFrom('devices')
      .select('id')
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .execute();
    await record(...live.map(({ id }) => ({ action: 'device.revoke', subject: id })));
    return revokeDevicesOf(tx, { userId });
  }
}

async function mustExist(db: Db, userId: string): Promise<void> {
  const user = await db.selectFrom('users').select('id').where('id', '=', userId).executeTakeFirst();
  if (!user) throw new Problem('no-such-user', 'No user has this id.');
}

function toDevice(row: DevicesTable, registered: boolean | null) {
  return {
    id: row.id,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: iso(row.created_at),
    lastSeenAt: iso(row.last_seen_at),
    expiresAt: iso(row.expires_at),
    revokedAt: row.revoked_at === null ? null : iso(row.revoked_at),
    registered,
  };
}
