import { z } from 'zod';

/** Names of media subtypes (RFC 3551 section 6, RFC 7587), which both browsers and Asterisk name in ways of their own. */
const NAMES: Readonly<Record<string, string>> = {
  ulaw: 'PCMU',
  alaw: 'PCMA',
  pcmu: 'PCMU',
  pcma: 'PCMA',
  g722: 'G722',
  opus: 'opus',
};

/** A codec by its registered name, whoever named it and in whatever case. */
export function codecName(name: string): string {
  return NAMES[name.toLowerCase()] ?? name;
}

export const codecSchema = z
  .string({ error: 'must be text' })
  .regex(/^[\w.+-]{1,32}$/, 'is not the name of a codec')
  .transform(codecName)
  .meta({ description: 'Its media subtype', example: 'opus' });
