import { z } from 'zod';
import { faultyField } from './problem.ts';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
const CURSOR_MAX = 400;

/** What every list takes in its query. */
export const pageQuery = {
  limit: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(PAGE_MAX, `must be at most ${PAGE_MAX}`)
    .default(PAGE_DEFAULT)
    .meta({ description: 'Most that a page may have' }),
  cursor: z
    .string({ error: 'must be given once' })
    .max(CURSOR_MAX, 'is not a cursor')
    .optional()
    .meta({ description: '`next` of the page before' }),
};

/** What every list has beside its items. */
export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Give it as `cursor` for the next page; null on the last' });

/** Where a page ended: the values that the list is ordered by. */
const positionSchema = z.tuple([z.int().nonnegative(), z.string().max(200)]);

/** The ordering value (a time in ms, or 0 where the list has none) and the id of a page's last item. */
export type Position = readonly [number, string];

/** @throws Problem naming `query.cursor` where it was not made by {@link pageOf} */
export function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const refuse = () => faultyField('query.cursor', 'is not a cursor of this list');
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refuse();
  }
  const parsed = positionSchema.safeParse(read);
  // What no text in a database can be is no cursor of ours.
  if (!parsed.success || /\p{Cc}/u.test(parsed.data[1]) || !parsed.data[1].isWellFormed()) throw refuse();
  return parsed.data;
}

/**
 * Cuts a page.
 * @param found one more than `limit`, where there are as many: so it is known whether a page follows
 */
export function pageOf<T>(found: readonly T[], limit: number, positionOfItem: (item: T) => Position) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const next =
    last !== undefined && found.length > limit
      ? Buffer.from(JSON.stringify(positionOfItem(last))).toString('base64url')
      : null;
  return { items, next };
}
