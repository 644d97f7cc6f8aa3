import { z } from 'zod';

/** Control characters: none belongs into a name, and PostgreSQL stores no NUL. */
const CONTROL = /\p{Cc}/u;

/**
 * Text that people type: trimmed, in Unicode's composed form, without control characters or halves of
 * surrogate pairs (which no database stores).
 * @param max greatest length in UTF-16 code units
 */
export function plainText(max: number) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
    .trim()
    .normalize('NFC')
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine((text) => text.isWellFormed() && !CONTROL.test(text), 'must not have control characters');
}

const text = (issue: { input?: unknown }) => (issue.input === undefined ? 'is missing' : 'must be text');

/** An id as this server makes them. */
export const idSchema = z.string({ error: text }).regex(/^[a-z0-9]{1,64}$/, 'is not an id');

/** A SIP Call-ID in an address (RFC 3261 section 25.1, without blanks). */
export const sipCallIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'is not a SIP Call-ID')
  .meta({ description: 'The SIP Call-ID of the phone’s own leg', example: 'q2lmp6k3u8n1t7b0v5ss' });

/** True or false in a query. */
export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');

/** A time as the API writes it: ISO 8601, UTC. */
export const timestamp = z.iso.datetime().meta({ example: '2026-01-31T09:30:00.000Z' });

/** A time in a query, with its offset. @returns ms since the epoch */
export const timeSchema = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-01-31T09:30:00Z' })
  .transform((text) => Date.parse(text));

/** @param ms since the epoch */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
