import { z } from 'zod';

/** The beginning of numbers. In a query an unescaped `+` arrives as a space. */
export const prefixSchema = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
  .transform((text) => text.replace(/^[ +]?/, '+'))
  .refine((text) => /^\+[1-9]\d{0,14}$/.test(text), 'must be the beginning of a number, such as +1202')
  .meta({ example: '+1202' });

/**
 * The numbers that begin with `prefix` are those from `from` and below `below`; so an index on numbers finds them.
 * Only digits are compared, which all collations order alike.
 */
export function prefixRange(prefix: string): { readonly from: string; readonly below?: string } {
  const last = prefix.replace(/9+$/, '');
  if (last === '+') return { from: prefix };
  return { from: prefix, below: last.slice(0, -1) + String(Number(last.at(-1)) + 1) };
}
