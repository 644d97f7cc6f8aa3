import type { CountryCode } from 'libphonenumber-js/min';
import { dialable, isShort } from './dialled.ts';

type Library = typeof import('libphonenumber-js/min');

let library: Library | undefined;
let loading: Promise<Library> | undefined;

/**
 * Loads the numbering plans (most of the page's weight, so not before the first paint).
 * Until it resolves, numbers are shown as they came.
 */
export async function loadNumberPlans(): Promise<void> {
  loading ??= import('libphonenumber-js/min');
  library = await loading;
}

/**
 * A number as it is read in `country`: national form for its own numbers, international for others.
 * Anything else (an extension, a short code, an address) stays as it is.
 */
export function formatNumber(number: string, country: string): string {
  const parsed = parse(number, country);
  if (parsed === undefined) return number;
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
}

/** A number in international form, as it is told to people elsewhere. */
export function formatInternational(number: string, country: string): string {
  return parse(number, country)?.formatInternational() ?? number;
}

/** A number as far as it is typed, spaced the way `country` writes it. */
export function formatTyped(typed: string, country: string): string {
  const dialled = dialable(typed);
  if (library === undefined || isShort(dialled) || /[*#]/.test(dialled)) return typed;
  return new library.AsYouType(country as CountryCode).input(dialled);
}

/**
 * What to send to the gateway: E.164 where the numbering plans know the number, else what was dialled
 * (extensions, short codes; the gateway judges the rest, with the same plans).
 */
export function normalise(typed: string, country: string): string {
  const dialled = dialable(typed);
  return parse(dialled, country)?.number ?? dialled;
}

function parse(number: string, country: string) {
  const dialled = dialable(number);
  if (library === undefined || isShort(dialled) || dialled === '' || /[*#]/.test(dialled)) return undefined;
  const parsed = library.parsePhoneNumberFromString(dialled, country as CountryCode);
  return parsed?.isPossible() === true ? parsed : undefined;
}
