import { getCountryCallingCode } from 'libphonenumber-js';
import type { Country } from './identifiers.ts';

/** How a carrier writes telephone numbers. */
export type NumberFormat =
  /** `+12025550101` */
  | { readonly form: 'e164' }
  /** `12025550101` */
  | { readonly form: 'digits' }
  /** As people of the country dial: `02025550101` there, `0012025550101` to another one. */
  | {
      readonly form: 'national';
      readonly country: Country;
      /** Before the numbers of the country itself; may be empty. */
      readonly nationalPrefix: string;
      /** Before the numbers of other countries. */
      readonly internationalPrefix: string;
    };

/**
 * A number as a carrier wants it.
 * @param number in E.164; what is not (an emergency number, an extension) stays as it is
 */
export function formatNumber(number: string, format: NumberFormat): string {
  if (!number.startsWith('+') || format.form === 'e164') return number;
  if (format.form === 'digits') return number.slice(1);
  const home = homeOf(format);
  return number.startsWith(home)
    ? format.nationalPrefix + number.slice(home.length)
    : format.internationalPrefix + number.slice(1);
}

/**
 * What the dialplan needs to bring a carrier's numbers into E.164 (`[e164]` in extensions.conf): where `home` is
 * empty, all numbers are international.
 */
export function readingOf(format: NumberFormat) {
  if (format.form !== 'national') return { home: '', nationalPrefix: '', internationalPrefix: '' };
  const { nationalPrefix, internationalPrefix } = format;
  return { home: homeOf(format), nationalPrefix, internationalPrefix };
}

/** The country's part of its numbers, with the `+`. */
function homeOf({ country }: { readonly country: Country }): string {
  return `+${getCountryCallingCode(country)}`;
}
