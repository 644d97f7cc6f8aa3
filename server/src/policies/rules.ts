import { getCountries, isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { prefixSchema } from '../numbers/prefix.ts';

const MICROS = 1_000_000;

/** @returns millionths, as the database counts money: exact in a double up to 9 × 10⁹ */
export function toMicros(amount: string): number {
  const [whole = '0', part = ''] = amount.split('.');
  return Number(whole) * MICROS + Number(part.padEnd(6, '0'));
}

/** @param micros millionths @returns with two to six decimals */
export function fromMicros(micros: number): string {
  const part = String(micros % MICROS)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${Math.floor(micros / MICROS)}.${part}`;
}

/** An amount of money in the one currency of the rate table, as text: no binary fraction spoils it. */
export const amountSchema = z
  .string({ error: 'must be an amount as text, such as "12.50"' })
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be an amount such as 12.50, with at most six decimals')
  .transform((amount) => fromMicros(toMicros(amount)))
  .meta({ description: 'In the currency of the rate table', example: '12.50' });

const LIST_MAX = 300;

const countrySchema = z
  .string({ error: 'must be a country' })
  .refine(
    (text): boolean => text === 'home' || text === 'all' || isSupportedCountry(text),
    'must be home, all, or a two-letter country code such as US',
  )
  .meta({ description: '`home` is the country of HANDSET_COUNTRY', example: 'home' });

const countries = z
  .array(countrySchema, { error: 'must be a list' })
  .max(getCountries().length + 2, 'is too long');
const prefixes = z
  .array(prefixSchema, { error: 'must be a list' })
  .max(LIST_MAX, `must have at most ${LIST_MAX}`);

const limit = (max: number) =>
  z
    .int({ error: 'must be a whole number, or null for no limit' })
    .min(0, 'must be at least 0')
    .max(max, `must be at most ${max}`)
    .nullable();

/** How much may be called; each null is no limit. A day is the last 24 hours, at any moment. */
export const limitsShape = {
  concurrentCalls: limit(100_000),
  callsPerMinute: limit(100_000),
  minutesPerDay: limit(10_000_000),
  spendPerDay: amountSchema
    .nullable()
    .meta({ description: 'What has no rate can’t be called where this is set' }),
};

export const NO_LIMITS = {
  concurrentCalls: null,
  callsPerMinute: null,
  minutesPerDay: null,
  spendPerDay: null,
} as const;

/** A call may last this long, in minutes. */
export const LONGEST_CALL_MINUTES = 240;

/** What of a policy decides on calls. */
export const rulesShape = {
  allowedCountries: countries,
  deniedCountries: countries,
  allowedPrefixes: prefixes,
  deniedPrefixes: prefixes,
  premiumPrefixes: prefixes.meta({
    description: 'Premium and satellite numbers that may be called. No other entry allows any of them.',
  }),
  ...limitsShape,
  maxCallMinutes: z
    .int({ error: 'must be a whole number' })
    .min(1, 'must be at least 1')
    .max(LONGEST_CALL_MINUTES, `must be at most ${LONGEST_CALL_MINUTES}`),
};

const rulesSchema = z.object(rulesShape);
export type Rules = z.output<typeof rulesSchema>;

const limitsSchema = z.object(limitsShape);
export type Limits = z.output<typeof limitsSchema>;

/** The id of the policy of those users who have no other. */
export const DEFAULT_POLICY = 'podefault';

/** Of a policy that says nothing else: the own country, and no premium or satellite number. */
export const DEFAULT_RULES: Rules = {
  allowedCountries: ['home'],
  deniedCountries: [],
  allowedPrefixes: [],
  deniedPrefixes: [],
  premiumPrefixes: [],
  ...NO_LIMITS,
  maxCallMinutes: LONGEST_CALL_MINUTES,
};

/** @param text JSON as the database has it; what a later version left out has its default */
export function readRules(text: string): Rules {
  return rulesSchema.parse({ ...DEFAULT_RULES, ...JSON.parse(text) });
}
