import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/** A telephone number in E.164 form with its `+` (ITU-T E.164): the one form in which numbers are stored. */
export type E164 = string & { readonly __brand: 'E164' };
/** A short internal number: two to six digits. */
export type Extension = string & { readonly __brand: 'Extension' };
/** Something that must never reach a log, a URL or an image. */
export type Secret = string & { readonly __brand: 'Secret' };

/** An ISO 3166-1 alpha-2 country, the one in whose national form numbers may be typed. */
export type Country = CountryCode;

const E164_FORM = /^\+[1-9]\d{6,14}$/;
const EXTENSION_FORM = /^[1-9]\d{1,5}$/;

/** Whether `text` is in E.164 form. It says nothing of whether such a number is in service. */
export function isE164(text: string): text is E164 {
  return E164_FORM.test(text);
}

/** Whether `text` has the form of an extension. */
export function isExtension(text: string): text is Extension {
  return EXTENSION_FORM.test(text);
}

/** Marks a string as a secret. */
export function secret(text: string): Secret {
  return text as Secret;
}

/**
 * A number as people type it (spaces, dashes, national form), normalised.
 * @param typed what was typed
 * @param country in whose national form a number without `+` is read
 * @returns the number, or `undefined` where it can be no telephone number
 */
export function parseNumber(typed: string, country: Country): E164 | undefined {
  const parsed = parsePhoneNumberFromString(typed, country);
  return parsed?.isPossible() === true && isE164(parsed.number) ? parsed.number : undefined;
}
