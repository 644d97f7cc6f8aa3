import { mos } from '@handset/gateway-config';
import type { SelectQueryBuilder } from 'kysely';
import type { Db } from '../db/database.ts';
import { codecName } from './codecs.ts';

/** What one end received of a call's sound, and how people would like it. */
export interface Quality {
  readonly codec: string | null;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  /** Null where nothing arrived. */
  readonly mos: number | null;
}

/** How a call sounded at each of its ends. */
export interface CallQuality {
  /** Between the user's phone and the gateway. */
  readonly codec: string | null;
  /** What the user's phone received, as it said itself. */
  readonly phone: Quality | null;
  /** What the gateway received from the user's phone. */
  readonly gateway: Quality | null;
  /** What the gateway received from the carrier, or from the other phone. */
  readonly other: Quality | null;
  /** What the other phone received, as it said itself. */
  readonly otherPhone: Quality | null;
}

export const NO_QUALITY: CallQuality = {
  codec: null,
  phone: null,
  gateway: null,
  other: null,
  otherPhone: null,
};

/** How the calls of these records sounded, by call id; a call that nobody answered has none. */
export async function qualityOf(
  db: Db,
  records: readonly { readonly call_id: string; readonly credential: string | null }[],
): Promise<ReadonlyMap<string, CallQuality>> {
  if (records.length === 0) return new Map();
  const legs = await selectLegs(db)
    .where(
      'call_legs.call_id',
      'in',
      records.map((record) => record.call_id),
    )
    .orderBy('call_legs.ended_at', 'desc')
    .execute();
  const byCall = Map.groupBy(legs, (leg) => leg.call_id);
  return new Map(
    records.map(({ call_id, credential }) => [call_id, ofLegs(byCall.get(call_id) ?? [], credential)]),
  );
}

/** Legs with what the phone at their other end reported, where it was that user's phone. */
function selectLegs(db: Db) {
  return db
    .selectFrom('call_legs')
    .leftJoin('phone_reports as report', (join) =>
      join
        .onRef('report.sip_call_id', '=', 'call_legs.sip_call_id')
        .onRef('report.user_id', '=', 'call_legs.user_id'),
    )
    .selectAll('call_legs')
    .select([
      'report.codec as report_codec',
      'report.packets_received as report_received',
      'report.packets_lost as report_lost',
      'report.jitter_ms as report_jitter',
      'report.round_trip_ms as report_round_trip',
      'report.mos as report_mos',
    ]);
}

type Leg =
  ReturnType<typeof selectLegs> extends SelectQueryBuilder<infer _DB, infer _TB, infer R> ? R : never;

/** @param legs those of one call, the last one first */
function ofLegs(legs: readonly Leg[], credential: string | null): CallQuality {
  const own = legs.find((leg) => leg.credential === credential);
  const other = legs.find((leg) => leg.credential !== credential);
  return {
    codec: own?.codec ? codecName(own.codec) : null,
    phone: own ? reported(own) : null,
    gateway: own ? received(own) : null,
    other: other ? received(other) : null,
    otherPhone: other ? reported(other) : null,
  };
}

function received(leg: Leg): Quality {
  const { codec, packets_received, packets_lost, jitter_ms, round_trip_ms } = leg;
  return quality(codec, packets_received ?? 0, packets_lost ?? 0, jitter_ms ?? 0, round_trip_ms);
}

function reported(leg: Leg): Quality | null {
  if (leg.report_received === null) return null;
  const { report_codec, report_received, report_lost, report_jitter, report_round_trip, report_mos } = leg;
  const reckoned = quality(
    report_codec,
    report_received,
    report_lost ?? 0,
    report_jitter ?? 0,
    report_round_trip,
  );
  return { ...reckoned, mos: report_mos ?? reckoned.mos };
}

function quality(
  codec: string | null,
  packetsReceived: number,
  packetsLost: number,
  jitterMs: number,
  roundTripMs: number | null,
): Quality {
  const sent = packetsReceived + packetsLost;
  const lossPercent = sent === 0 ? 0 : (100 * packetsLost) / sent;
  return {
    codec: codec === null ? null : codecName(codec),
    packetsReceived,
    packetsLost,
    lossPercent: rounded(lossPercent),
    jitterMs: rounded(jitterMs),
    roundTripMs: roundTripMs === null ? null : rounded(roundTripMs),
    mos: packetsReceived === 0 ? null : mos({ lossPercent, jitterMs, roundTripMs: roundTripMs ?? 0 }),
  };
}

/** To two decimals. */
const rounded = (value: number) => Math.round(value * 100) / 100;
