import { type RawBuilder, sql } from 'kysely';
import { gatewayCodecName } from './codecs.ts';

/** Call records with a leg of this codec. */
export function withCodec(name: string): RawBuilder<boolean> {
  return sql`exists (select 1 from call_legs leg
    where leg.call_id = call_records.call_id and leg.codec = ${gatewayCodecName(name)})`;
}

/** Call records of which some end, a phone or the gateway, missed at least this share of the packets. */
export function withLoss(percent: number): RawBuilder<boolean> {
  const missed = (table: string) => {
    const [lost, received] = [sql.ref(`${table}.packets_lost`), sql.ref(`${table}.packets_received`)];
    return sql`(${lost} > 0 and 100.0 * ${lost} >= cast(${percent} as double precision) * (${lost} + ${received}))`;
  };
  return sql`exists (select 1 from call_legs leg
    left join phone_reports report on report.sip_call_id = leg.sip_call_id and report.user_id = leg.user_id
    where leg.call_id = call_records.call_id and (${missed('leg')} or ${missed('report')}))`;
}
