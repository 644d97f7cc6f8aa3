import { z } from 'zod';

/** Names of media subtypes (RFC 3551 section 6, RFC 7587) by what Asterisk calls them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['ulaw', 'PCMU'],
  ['alaw', 'PCMA'],
  ['g722', 'G722'],
  ['opus', 'opus'],
]);

/** A codec by its registered name, whoever names it and in whatever case. */
export function codecName(name: string): string {
  const asked = name.toLowerCase();
  return NAMES.get(asked) ?? NAMES.values().find((known) => known.toLowerCase() === asked) ?? name;
}

/** What Asterisk calls a codec. @param name as {@link codecName} gives it */
export function gatewayCodecName(name: string): string {
  return NAMES.entries().find(([, known]) => known === name)?.[0] ?? name;
}

export const codecSchema = z
  .string({ error: 'must be text' })
  .regex(/^[\w.+-]{1,32}$/, 'is not the name of a codec')
  .transform(codecName)
  .meta({ description: 'Its media subtype', example: 'opus' });
