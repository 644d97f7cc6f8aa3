import { type SelectQueryBuilder, sql } from 'kysely';
import { type CallQuality, NO_QUALITY, qualityOf } from '../call-quality/call-quality.ts';
import { withCodec, withLoss } from '../call-quality/filters.ts';
import type { Database } from '../db/database.ts';
import type { Tables } from '../db/tables.ts';
import { type Position, pageOf, positionOf } from '../http/page.ts';
import { iso } from '../http/text.ts';
import { readAttempts } from './attempts.ts';
import { inWords } from './reasons.ts';

export interface RecordFilter {
  readonly userId?: string | undefined;
  readonly extension?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | 'internal' | undefined;
  /** The other party, or the user's own number. */
  readonly number?: string | undefined;
  /** The last one that it was on, or one that it was tried on before. */
  readonly trunk?: string | undefined;
  readonly reason?: string | undefined;
  readonly answered?: boolean | undefined;
  /** Of any of its legs. */
  readonly codec?: string | undefined;
  /** Some end of it missed at least this share of the packets, in percent. */
  readonly minLossPercent?: number | undefined;
  /** Begun at or after this, and before `to`; in ms since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export type CallRecord = ReturnType<typeof toRecord>;

/** Rows that an export reads at once: it holds no connection between, and no more than these in memory. */
const EXPORT_ROWS = 500;

/** What was called: read only, since the gateway alone writes it. */
export class CallRecords {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** A page, the last call first. */
  async list({ limit, cursor, ...filter }: RecordFilter & { limit: number; cursor?: string | undefined }) {
    const rows = await this.#read(filter, limit + 1, positionOf(cursor));
    const { items, next } = pageOf(rows, limit, positionIn);
    return { callRecords: await this.#complete(items), next };
  }

  /** @returns `undefined` where the call has none yet, or there was no such call */
  async get(id: string): Promise<CallRecord | undefined> {
    const rows = await selectRecords(this.#database).where('call_id', '=', id).execute();
    return (await this.#complete(rows))[0];
  }

  /** All that fit, the last call first. */
  async *export(filter: RecordFilter): AsyncGenerator<CallRecord, void, void> {
    for (let after: Position | undefined; ; ) {
      const rows = await this.#read(filter, EXPORT_ROWS, after);
      yield* await this.#complete(rows);
      const last = rows.at(-1);
      if (!last || rows.length < EXPORT_ROWS) return;
      after = positionIn(last);
    }
  }

  async #complete(rows: readonly Row[]) {
    const quality = await qualityOf(this.#database.db, rows);
    return rows.map((row) => toRecord(row, quality.get(row.call_id) ?? NO_QUALITY));
  }

  #read(filter: RecordFilter, limit: number, after: Position | undefined): Promise<Row[]> {
    let query = fitting(selectRecords(this.#database), filter)
      .orderBy(STARTED, 'desc')
      .orderBy('call_id', 'desc')
      .limit(limit);
    if (after) query = query.where(sql<boolean>`(${STARTED}, call_id) < (${after[0]}, ${after[1]})`);
    return query.execute();
  }
}

/** The gateway writes it for every call; where it should be missing, the call is the oldest. */
const STARTED = sql<number>`coalesce(started_at, 0)`;

function selectRecords({ db }: Database) {
  return db
    .selectFrom('call_records')
    .leftJoin('users', 'users.id', 'call_records.user_id')
    .leftJoin('devices', 'devices.id', 'call_records.device_id')
    .selectAll('call_records')
    .select(['users.name as user_name', 'devices.user_agent']);
}

type Query = ReturnType<typeof selectRecords>;
type Row = Query extends SelectQueryBuilder<infer _DB, infer _TB, infer R> ? R : never;

function fitting(query: Query, filter: RecordFilter): Query {
  const { userId, extension, direction, number, trunk, reason, answered, codec, minLossPercent, from, to } =
    filter;
  let found = query;
  if (userId !== undefined) found = found.where('call_records.user_id', '=', userId);
  if (extension !== undefined) found = found.where('call_records.extension', '=', extension);
  if (direction !== undefined) found = found.where('direction', '=', direction);
  if (trunk !== undefined) found = found.where(wasOn(trunk));
  if (reason !== undefined) found = found.where('reason', '=', reason);
  if (answered !== undefined) found = found.where('answered_at', answered ? 'is not' : 'is', null);
  if (codec !== undefined) found = found.where(withCodec(codec));
  if (minLossPercent !== undefined) found = found.where(withLoss(minLossPercent));
  if (from !== undefined) found = found.where(STARTED, '>=', from);
  if (to !== undefined) found = found.where(STARTED, '<', to);
  if (number !== undefined) {
    found = found.where((of) => of.or([of('number', '=', number), of('own_number', '=', number)]));
  }
  return found;
}

/** @param trunk an id: it has no character that means something in a pattern */
function wasOn(trunk: string) {
  return sql<boolean>`(trunk = ${trunk} or '/' || attempts like ${`%/${trunk} %`})`;
}

function positionIn({
  started_at,
  call_id,
}: Pick<Tables['call_records'], 'started_at' | 'call_id'>): Position {
  return [started_at ?? 0, call_id];
}

function toRecord(row: Row, { codec, ...quality }: CallQuality) {
  const time = (ms: number | null) => (ms === null ? null : iso(ms));
  const { answered_at, ended_at } = row;
  return {
    id: row.call_id,
    direction: row.direction,
    extension: row.extension,
    user: row.user_id === null ? null : { id: row.user_id, name: row.user_name },
    device: row.device_id === null ? null : { id: row.device_id, userAgent: row.user_agent },
    number: row.number,
    ownNumber: row.own_number,
    trunk: row.trunk,
    attempts: readAttempts(row.attempts),
    startedAt: time(row.started_at),
    answeredAt: time(answered_at),
    endedAt: time(ended_at),
    durationMs: answered_at === null || ended_at === null ? 0 : Math.max(0, ended_at - answered_at),
    reason: row.reason,
    reasonInWords: inWords(row.reason),
    sipStatus: row.sip_code,
    codec,
    quality,
  };
}
