import type { Tx } from '../db/database.ts';
import type { Change } from '../http/change.ts';
import type { Person } from '../http/route.ts';

/** What a phone measured of the sound that it received in a call. */
export interface PhoneReport {
  readonly codec?: string | undefined;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number | undefined;
  readonly mos?: number | undefined;
}

/** A user's reports that belong to no call are kept no longer than until as many newer ones have come. */
const UNMATCHED_KEPT = 100;

/**
 * Keeps what a phone reports; a later report of the same call takes its place. It may come before the call's leg is
 * written or after it, so it is kept as it comes; it counts where the leg of that Call-ID was this user's.
 * @param sipCallId of the phone's own leg
 */
export async function keepPhoneReport(
  { tx, now }: Change,
  { userId }: Person,
  sipCallId: string,
  report: PhoneReport,
): Promise<void> {
  const values = {
    codec: report.codec ?? null,
    packets_received: report.packetsReceived,
    packets_lost: report.packetsLost,
    jitter_ms: report.jitterMs,
    round_trip_ms: report.roundTripMs ?? null,
    mos: report.mos ?? null,
    reported_at: now,
  };
  await tx
    .insertInto('phone_reports')
    .values({ user_id: userId, sip_call_id: sipCallId, ...values })
    .onConflict((conflict) => conflict.columns(['user_id', 'sip_call_id']).doUpdateSet(values))
    .execute();
  await forgetUnmatched(tx, userId);
}

/** Each report that comes looks at a window of older ones, so that the work stays the same however many there are. */
async function forgetUnmatched(tx: Tx, userId: string): Promise<void> {
  await tx
    .deleteFrom('phone_reports')
    .where('user_id', '=', userId)
    .where('sip_call_id', 'in', (of) =>
      of
        .selectFrom('phone_reports')
        .select('sip_call_id')
        .where('user_id', '=', userId)
        .orderBy('reported_at', 'desc')
        .orderBy('sip_call_id')
        .offset(UNMATCHED_KEPT)
        .limit(UNMATCHED_KEPT),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('call_legs')
            .select('id')
            .whereRef('call_legs.sip_call_id', '=', 'phone_reports.sip_call_id')
            .where('call_legs.user_id', '=', userId),
        ),
      ),
    )
    .execute();
}
