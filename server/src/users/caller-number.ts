import type { ExpressionBuilder } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** The number that a user calls from, selected as `number`: of several the one assigned first. */
export function callerNumber(of: ExpressionBuilder<Tables, 'users'>) {
  return of
    .selectFrom('numbers')
    .select('e164')
    .whereRef('numbers.user_id', '=', 'users.id')
    .orderBy('assigned_at')
    .orderBy('e164')
    .limit(1)
    .as('number');
}
