import { type Codec, isCodec } from '@handset/gateway-config';
import { codecName } from '../call-quality/codecs.ts';
import type { Db } from '../db/database.ts';
import type { Finding } from './finding.ts';

/** The last call over a trunk that is hardly used may be years of other calls away. */
const LOOKED_AT = 1_000;

/**
 * What the last call over a trunk says of its codecs: the gateway settles a phone's codec before the carrier has chosen, and
 * translates where that is another one (decision 0019).
 * @param trunk its id, which is the name of its endpoint, too
 * @param codecs those that the trunk is said to have
 */
export async function findTranslation(db: Db, trunk: string, codecs: readonly Codec[]): Promise<Finding[]> {
  const last = await db
    .selectFrom((from) =>
      from.selectFrom('call_records').selectAll().orderBy('started_at', 'desc').limit(LOOKED_AT).as('recent'),
    )
    .select(['call_id', 'credential'])
    .where('trunk', '=', trunk)
    .where('direction', '=', 'outbound')
    .where('answered_at', 'is not', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return [];
  const legs = await db
    .selectFrom('call_legs')
    .select(['credential', 'codec'])
    .where('call_id', '=', last.call_id)
    .execute();
  const codecOf = (endpoint: string | null) =>
    known(legs.find(({ credential }) => credential === endpoint)?.codec);
  const [phone, carrier] = [codecOf(last.credential), codecOf(trunk)];
  // A phone that has another codec than the trunk's has it for a reason: a colleague handed the call on, or a setting.
  if (phone === undefined || carrier === undefined || phone === carrier || !codecs.includes(phone)) return [];
  const words = `In the last call it took ${carrier}, while the phone had ${phone}, and the gateway translated. If it never takes ${phone}, leave that out of its codecs.`;
  return [{ check: 'takes-calls', works: null, host: null, words }];
}

function known(codec: string | null | undefined): Codec | undefined {
  const name = codecName(codec ?? '').toLowerCase();
  return isCodec(name) ? name : undefined;
}
