import type { Database, Tx } from '../db/database.ts';
import { lockFor } from '../db/write-lock.ts';
import { type AdmissionRequest, type Decision, decide } from './decide.ts';
import { reservedMs } from './limits.ts';
import { type AdmissionWorld, loadSnapshot } from './snapshot.ts';
import { takePlace } from './trunk-places.ts';

export type AdmissionQuestion = AdmissionRequest & { readonly callId: string };

/** A trunk may ring 180 s before the next is tried (`RING_TRUNK` in the dialplan); the rest is for setting up. */
const SETUP_MS = 200_000;
/** Leases are of no more use so long after they expired, in ms: limits look back one day. */
const KEPT_MS = 48 * 3_600_000;

/**
 * Decides on a call and, where it goes to a trunk, takes a lease for it: all under one lock, so that of calls that
 * come at once each sees those let through before. Asked again for the same call it is decided anew, with one lease.
 */
export async function admit(
  { db, dialect }: Database,
  question: AdmissionQuestion,
  world: AdmissionWorld,
  now: () => number = Date.now,
): Promise<Decision> {
  return db.transaction().execute((tx) => admitWithin(tx, dialect, question, world, now));
}

/** {@link admit} as part of a transaction. */
export async function admitWithin(
  tx: Tx,
  dialect: Database['dialect'],
  question: AdmissionQuestion,
  world: AdmissionWorld,
  now: () => number = Date.now,
): Promise<Decision> {
  await lockFor(tx, dialect, 'admissions');
  // Once it holds the lock: no call was let through later than this.
  const at = now();
  const { snapshot, userId } = await loadSnapshot(tx, question, world, at);
  const decision = decide(question, snapshot);
  if (decision.decision === 'trunk' && !decision.emergency && userId !== undefined) {
    await takeLease(tx, { callId: question.callId, userId, now: at }, decision);
  }
  return decision;
}

async function takeLease(
  tx: Tx,
  { callId, userId, now }: { callId: string; userId: string; now: number },
  { number, attempts, maxDurationMs, perMinuteMicros = 0 }: Extract<Decision, { decision: 'trunk' }>,
): Promise<void> {
  const lease = {
    user_id: userId,
    number,
    admitted_at: now,
    expires_at: now + reservedMs(maxDurationMs) + SETUP_MS * attempts.length,
    reserved_ms: reservedMs(maxDurationMs),
    per_minute_micros: perMinuteMicros,
  };
  await tx
    .deleteFrom('leases')
    .where('expires_at', '<', now - KEPT_MS)
    .execute();
  await tx
    .deleteFrom('trunk_leases')
    .where('taken_at', '<', now - KEPT_MS)
    .execute();
  await tx
    .insertInto('leases')
    .values({ call_id: callId, ...lease })
    .onConflict((conflict) =>
      conflict.column('call_id').doUpdateSet(lease).where('leases.ended_at', 'is', null),
    )
    .execute();
  const [first] = attempts;
  if (first) await takePlace(tx, callId, first.trunk, now);
}

/** What would be decided now, were the call made; nothing is reserved. */
export async function wouldAdmit(
  { db }: Database,
  request: AdmissionRequest,
  world: AdmissionWorld,
): Promise<Decision> {
  const { snapshot } = await loadSnapshot(db, { ...request, callId: '' }, world, Date.now());
  return decide(request, snapshot);
}
