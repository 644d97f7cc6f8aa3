import { COMMON_EMERGENCY_NUMBERS } from '@handset/gateway-config';
import { z } from 'zod';
import { difference } from '../audit/audit.ts';
import type { Db, Dialect, Tx } from '../db/database.ts';
import { lockFor } from '../db/write-lock.ts';
import type { Change } from '../http/change.ts';
import { Problem } from '../http/problem.ts';
import { limitsShape, NO_LIMITS } from './rules.ts';

const EMERGENCY_MAX = 50;

/** Limits of all calls together, and the numbers that no limit holds for. */
export const callingLimitsShape = {
  ...limitsShape,
  emergencyNumbers: z
    .array(z.string({ error: 'must be digits' }).regex(/^\d{2,6}$/, 'must be two to six digits'), {
      error: 'must be a list',
    })
    .max(EMERGENCY_MAX, `must have at most ${EMERGENCY_MAX}`)
    .meta({
      description:
        'Called without any permission, limit or number of one’s own, beside those that the gateway knows',
    }),
};

const schema = z.object(callingLimitsShape);
export type CallingLimits = z.output<typeof schema>;

const DEFAULTS: CallingLimits = { ...NO_LIMITS, emergencyNumbers: [...COMMON_EMERGENCY_NUMBERS] };
const ALL = 'all';

export async function loadCallingLimits(db: Db): Promise<CallingLimits> {
  const row = await db.selectFrom('calling_limits').select('limits').where('id', '=', ALL).executeTakeFirst();
  return row ? schema.parse({ ...DEFAULTS, ...JSON.parse(row.limits) }) : DEFAULTS;
}

/**
 * @param given what is to differ from now
 * @throws Problem naming the emergency numbers that are users' extensions
 */
export async function changeCallingLimits(
  { tx, record }: Change,
  dialect: Dialect,
  given: { readonly [Name in keyof CallingLimits]?: CallingLimits[Name] | undefined },
): Promise<CallingLimits> {
  if (given.emergencyNumbers !== undefined) await mustBeNobodys(tx, dialect, given.emergencyNumbers);
  const before = await loadCallingLimits(tx);
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const after = { ...before, ...set };
  const changed = difference(before, after);
  if (!changed) return before;
  const limits = JSON.stringify(after);
  await tx
    .insertInto('calling_limits')
    .values({ id: ALL, limits })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ limits }))
    .execute();
  await record({ action: 'calling-limits.update', subject: ALL, ...changed });
  return after;
}

/** A colleague who is dialled must not turn into a call for help. */
async function mustBeNobodys(tx: Tx, dialect: Dialect, numbers: readonly string[]): Promise<void> {
  // No user gets one of them until this transaction ends.
  await lockFor(tx, dialect, 'extensions');
  const users = await tx
    .selectFrom('users')
    .select('extension')
    .where('extension', 'in', ['', ...numbers])
    .execute();
  const taken = new Set(users.map(({ extension }) => extension));
  const faults = numbers.flatMap((number, index) =>
    taken.has(number) ? [{ field: `emergencyNumbers.${index}`, message: 'is a user’s extension' }] : [],
  );
  const fields = faults.map(({ field }) => field).join(', ');
  if (faults.length > 0) throw new Problem('invalid-request', `Please mend: ${fields}.`, { faults });
}
