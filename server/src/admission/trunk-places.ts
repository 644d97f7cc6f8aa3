import { hostContact } from '@handset/gateway-config';
import { sql } from 'kysely';
import type { Database, Db, Tx } from '../db/database.ts';
import { lockFor } from '../db/write-lock.ts';
import { loadTrunks, readTrunk, type StoredTrunk } from '../trunks/stored.ts';
import { fullness, type RoutableTrunk } from './routing.ts';

/** Whether a host of a trunk left its last OPTIONS unanswered. */
export type IsSilent = (trunkId: string, contact: string) => boolean;

const SECOND_MS = 1_000;

interface Counts {
  readonly callsUp: number;
  readonly callsLastSecond: number;
}
const NONE: Counts = { callsUp: 0, callsLastSecond: 0 };

/** The trunks that calls may go to, as they are at `now`, but for what the call itself takes there. */
export async function loadRoutable(
  db: Db,
  isSilent: IsSilent,
  { exceptCall, now }: { exceptCall: string; now: number },
): Promise<RoutableTrunk[]> {
  const enabled = (await loadTrunks(db)).filter(({ settings }) => settings.enabled);
  const isCounted = enabled.some(
    ({ settings }) => settings.channelLimit !== null || settings.callsPerSecond !== null,
  );
  const counts = isCounted ? await countCalls(db, exceptCall, now) : new Map<string, Counts>();
  return enabled.map((trunk) => routable(trunk, counts.get(trunk.row.id) ?? NONE, isSilent));
}

function routable({ row, settings }: StoredTrunk, counts: Counts, isSilent: IsSilent): RoutableTrunk {
  const silentHosts = settings.hosts.flatMap((host, index) =>
    isSilent(row.id, hostContact(host, settings.transport)) ? [index] : [],
  );
  return { ...settings, id: row.id, ...counts, silentHosts };
}

interface CountRow {
  trunk_id: string;
  up: number;
  lately: number;
}

/** A place on a trunk ends with the lease of its call, or when the call goes on to another trunk. */
async function countCalls(db: Db, exceptCall: string, now: number): Promise<Map<string, Counts>> {
  const { rows } = await sql<CountRow>`
    select trunk_id,
      cast(sum(case when left_at is null and leases.ended_at is null and leases.expires_at > ${now}
        then 1 else 0 end) as bigint) as up,
      cast(sum(case when taken_at > ${now - SECOND_MS} then 1 else 0 end) as bigint) as lately
    from trunk_leases join leases on leases.call_id = trunk_leases.call_id
    where trunk_leases.call_id <> ${exceptCall}
      and ((left_at is null and leases.ended_at is null and leases.expires_at > ${now})
        or taken_at > ${now - SECOND_MS})
    group by trunk_id`.execute(db);
  return new Map(
    rows.map(({ trunk_id, up, lately }) => [trunk_id, { callsUp: up, callsLastSecond: lately }]),
  );
}

/** Gives a call its place on a trunk; the one that it had before is left. */
export async function takePlace(tx: Tx, callId: string, trunkId: string, now: number): Promise<void> {
  await tx
    .updateTable('trunk_leases')
    .set({ left_at: now })
    .where('call_id', '=', callId)
    .where('trunk_id', '<>', trunkId)
    .where('left_at', 'is', null)
    .execute();
  await tx
    .insertInto('trunk_leases')
    .values({ call_id: callId, trunk_id: trunkId, taken_at: now, left_at: null })
    .onConflict((conflict) =>
      conflict.columns(['call_id', 'trunk_id']).doUpdateSet({ taken_at: now, left_at: null }),
    )
    .execute();
}

/**
 * A call that failed on one trunk asks for a place on the next: under the lock of admission, so that no limit is passed.
 * @returns whether it has one; not where the trunk is gone or full, or the call has ended
 */
export async function moveOn(
  { db, dialect }: Database,
  { callId, trunkId }: { callId: string; trunkId: string },
  now: () => number = Date.now,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await lockFor(tx, dialect, 'admissions');
    const at = now();
    const row = await tx.selectFrom('trunks').selectAll().where('id', '=', trunkId).executeTakeFirst();
    if (row?.enabled !== 1) return false;
    const { ended } = await tx
      .selectFrom('leases')
      .select((of) => of.fn.countAll<number>().as('ended'))
      .where('call_id', '=', callId)
      .where('ended_at', 'is not', null)
      .executeTakeFirstOrThrow();
    if (Number(ended) > 0) return false;
    const counts = (await countCalls(tx, callId, at)).get(trunkId) ?? NONE;
    if (fullness({ ...readTrunk(row).settings, ...counts }) !== undefined) return false;
    await takePlace(tx, callId, trunkId, at);
    return true;
  });
}
