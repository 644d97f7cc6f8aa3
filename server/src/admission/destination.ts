import type { Country, E164 } from '@handset/gateway-config';
import parsePhoneNumber from 'libphonenumber-js/max';
import type { Rules } from '../policies/rules.ts';

/** What is known of a number from its digits alone. */
export interface Destination {
  readonly number: E164;
  /** Absent for numbers of no country, and for those that no country has given out. */
  readonly country?: Country | undefined;
  /** Expensive whatever the country. */
  readonly special?: 'premium' | 'satellite' | undefined;
}

/**
 * Satellite and other networks without a country (ITU-T E.164 Annex D): Inmarsat, the mobile satellite networks,
 * and the international networks, among them those that bill by their own tariff.
 */
const SATELLITE = ['+870', '+878', '+881', '+882', '+883'];
/** International premium rate service. */
const PREMIUM = '+979';

/** Looks a number up in the numbering plans of all countries. */
export function destinationOf(number: E164): Destination {
  const parsed = parsePhoneNumber(number);
  if (SATELLITE.some((prefix) => number.startsWith(prefix))) return { number, special: 'satellite' };
  if (number.startsWith(PREMIUM) || parsed?.getType() === 'PREMIUM_RATE') {
    return { number, country: parsed?.country, special: 'premium' };
  }
  return { number, country: parsed?.country };
}

export interface Verdict {
  readonly allowed: boolean;
  /** The rule that decided, in words. */
  readonly because: string;
}

/**
 * Whether a policy lets this number be called. Of the prefixes that fit the most specific (longest) one decides, a
 * denied one before an allowed one of the same length; without any the country does.
 */
export function permits(rules: Rules, destination: Destination, home: Country): Verdict {
  const { number, special } = destination;
  const longest = (prefixes: readonly string[]) =>
    prefixes
      .filter((prefix) => number.startsWith(prefix))
      .reduce((found, prefix) => (prefix.length > found.length ? prefix : found), '');
  const denied = longest(rules.deniedPrefixes);
  const allowed = longest(
    special ? rules.premiumPrefixes : [...rules.allowedPrefixes, ...rules.premiumPrefixes],
  );
  if (denied !== '' && denied.length >= allowed.length) return no(`the prefix ${denied} is denied`);
  if (allowed !== '') return yes(`the prefix ${allowed} is allowed`);
  if (special) return no(`it is a ${special} number, and none of its prefixes is named`);
  return byCountry(rules, destination.country, home);
}

function byCountry(rules: Rules, country: Country | undefined, home: Country): Verdict {
  if (country === undefined) {
    return rules.allowedCountries.includes('all')
      ? yes('all countries are allowed')
      : no('it is no country’s number, and none of its prefixes is allowed');
  }
  const lists = (list: readonly string[]) =>
    list.includes(country) || (country === home && list.includes('home'));
  if (lists(rules.deniedCountries)) return no(`the country ${country} is denied`);
  if (lists(rules.allowedCountries)) return yes(`the country ${country} is allowed`);
  if (rules.deniedCountries.includes('all')) return no('all other countries are denied');
  if (rules.allowedCountries.includes('all')) return yes('all countries are allowed');
  return no(`the country ${country} is not allowed`);
}

const yes = (because: string): Verdict => ({ allowed: true, because });
const no = (because: string): Verdict => ({ allowed: false, because });
