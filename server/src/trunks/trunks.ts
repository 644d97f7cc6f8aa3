import { isDeepStrictEqual } from 'node:util';
import type { TrunkHost } from '@handset/gateway-config';
import { sql } from 'kysely';
import { difference } from '../audit/audit.ts';
import type { Database, Db } from '../db/database.ts';
import type { TrunksTable } from '../db/tables.ts';
import { lockFor } from '../db/write-lock.ts';
import type { Change } from '../http/change.ts';
import { type Position, pageOf, positionOf } from '../http/page.ts';
import { faultyField, Problem } from '../http/problem.ts';
import { randomId } from '../random.ts';
import { checkTrunk, completeTrunk, present } from './complete.ts';
import { writeGatewayFile } from './gateway-file.ts';
import type { Addresses } from './resolver.ts';
import type { NewTrunk, TrunkChange } from './schemas.ts';
import type { TrunkSettings } from './settings.ts';
import {
  keepPassword,
  readTrunk,
  type Secret,
  type StoredTrunk,
  type Trunk,
  toColumns,
  toTrunk,
} from './stored.ts';

export interface TrunkFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly kind?: TrunksTable['kind'] | undefined;
  readonly enabled?: boolean | undefined;
}

/** What trunks depend on beside the database. */
export interface TrunkContext {
  readonly domain: string;
  /** Where the settings send calls: HANDSET_TRUNK, or the simulated carrier. */
  readonly carrier: TrunkHost;
  readonly resolve: Addresses;
  /** To be called after a change is committed: the gateway reads the trunks anew. */
  readonly onChanged: () => void;
}

/** The carriers. */
export class Trunks {
  readonly #database: Database;
  readonly #context: TrunkContext;
  constructor(database: Database, context: TrunkContext) {
    this.#database = database;
    this.#context = context;
  }

  /** In the order in which they were made. */
  async list({ limit, cursor, kind, enabled }: TrunkFilter) {
    const after = positionOf(cursor);
    let query = this.#database.db
      .selectFrom('trunks')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit + 1);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (enabled !== undefined) query = query.where('enabled', '=', enabled ? 1 : 0);
    if (after) query = query.where(sql<boolean>`(created_at, id) > (${after[0]}, ${after[1]})`);
    const { items, next } = pageOf(await query.execute(), limit, (row): Position => [row.created_at, row.id]);
    return { trunks: items.map((row) => toTrunk(readTrunk(row))), next };
  }

  /** @throws Problem `no-such-trunk` */
  async find(id: string, db: Db = this.#database.db): Promise<StoredTrunk> {
    const row = await db.selectFrom('trunks').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new Problem('no-such-trunk', 'No trunk has this id.');
    return readTrunk(row);
  }

  /** Looks up the names of hosts before a change: that may take its time, and a change holds a lock. */
  async resolve(hosts: readonly TrunkHost[] | undefined): Promise<readonly string[]> {
    return hosts === undefined ? [] : this.#context.resolve(hosts);
  }

  /** @throws Problem naming every faulty field */
  async create(change: Change, given: NewTrunk, settings: TrunkSettings, resolved: readonly string[]) {
    const { tx, now, record } = change;
    const secret = 'password' in given ? secretOf(settings, given.password) : NO_SECRET;
    const row: TrunksTable = {
      id: randomId('tr'),
      ...toColumns(settings),
      ...secret,
      from_settings: 0,
      resolved: JSON.stringify(resolved),
      created_at: now,
    };
    await lockFor(tx, this.#database.dialect, 'trunks');
    await tx.insertInto('trunks').values(row).execute();
    await record({ action: 'trunk.create', subject: row.id, to: { ...settings } });
    await this.#tellGateway(change);
    return toTrunk(readTrunk(row));
  }

  /** A new trunk's settings, whole and checked. @throws Problem naming every faulty field */
  complete(given: NewTrunk): TrunkSettings {
    return completeTrunk(given);
  }

  /**
   * Holds for calls from then on; those that are up go on as they are.
   * @param resolved addresses of the new hosts, where hosts are given
   * @throws Problem `no-such-trunk`, or naming every faulty field
   */
  async update(change: Change, id: string, given: TrunkChange, resolved: readonly string[]): Promise<Trunk> {
    const { tx, record } = change;
    await lockFor(tx, this.#database.dialect, 'trunks');
    const stored = await this.find(id, tx);
    const { password, fromSettings, ...said } = given;
    const hosts = fromSettings ? { hosts: [this.#context.carrier] } : {};
    const settings = checkTrunk({ ...stored.settings, ...present(said), ...hosts });
    const secret = changedSecret(stored, settings, password);
    const isFollowing = fromSettings ?? (stored.row.from_settings === 1 && said.hosts === undefined);
    const changed = difference(
      { ...stored.settings, fromSettings: stored.row.from_settings === 1 },
      { ...settings, fromSettings: isFollowing },
    );
    const passwordChanged = password === undefined ? {} : { password: 'changed' };
    if (!changed && password === undefined) return toTrunk(stored);
    const row = {
      ...stored.row,
      ...toColumns(settings),
      ...secret,
      from_settings: isFollowing ? (1 as const) : (0 as const),
      ...(isDeepStrictEqual(settings.hosts, stored.settings.hosts)
        ? {}
        : { resolved: JSON.stringify(resolved) }),
    };
    await tx.updateTable('trunks').set(row).where('id', '=', id).execute();
    await record({
      action: 'trunk.update',
      subject: id,
      from: { ...changed?.from },
      to: { ...changed?.to, ...passwordChanged },
    });
    await this.#tellGateway(change);
    return toTrunk(readTrunk(row));
  }

  /** Calls that are up go on. @throws Problem `no-such-trunk` */
  async delete(change: Change, id: string): Promise<void> {
    const { tx, record } = change;
    await lockFor(tx, this.#database.dialect, 'trunks');
    const { settings } = await this.find(id, tx);
    await tx.deleteFrom('trunks').where('id', '=', id).execute();
    await record({ action: 'trunk.delete', subject: id, from: { ...settings } });
    await this.#tellGateway(change);
  }

  /** Where the settings send calls. */
  get carrier(): TrunkHost {
    return this.#context.carrier;
  }

  async #tellGateway({ tx, afterCommit }: Change): Promise<void> {
    await writeGatewayFile(tx, this.#context.domain);
    afterCommit(this.#context.onChanged);
  }
}

const NO_SECRET: Secret = { password: null, ha1: null };

function secretOf(settings: TrunkSettings, password: string): Secret {
  return settings.kind === 'address' ? NO_SECRET : keepPassword(password, settings.username, settings.realm);
}

/** @throws Problem where a digest is kept that is of no use for the new user name or realm */
function changedSecret(
  { row, settings: before }: StoredTrunk,
  after: TrunkSettings,
  password?: string,
): Secret {
  if (after.kind === 'address' || before.kind === 'address') {
    if (password !== undefined) throw faultyField('password', 'is not for a trunk of this kind');
    return NO_SECRET;
  }
  if (password !== undefined) return secretOf(after, password);
  if (row.password !== null) return secretOf(after, row.password);
  if (after.username === before.username && after.realm === before.realm)
    return { password: null, ha1: row.ha1 };
  throw faultyField(
    'password',
    'must be given again: what is kept of it is good for the old user name and realm alone',
  );
}
