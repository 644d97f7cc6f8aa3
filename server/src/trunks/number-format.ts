import type { Country } from '@handset/gateway-config';
import { getCountryCallingCode, getExampleNumber, isSupportedCountry } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { z } from 'zod';

const prefixDigits = z.string({ error: 'must be text' }).regex(/^\d{0,8}$/, 'must be at most eight digits');
const countrySchema = z
  .string({ error: 'must be a country' })
  .refine((text): boolean => isSupportedCountry(text), 'must be a two-letter country code such as US')
  .transform((text) => text as Country);

/** How a carrier writes numbers, as an operator says it. */
export const formatSchema = z
  .discriminatedUnion(
    'form',
    [
      z.strictObject({ form: z.literal('e164') }),
      z.strictObject({ form: z.literal('digits') }),
      z
        .strictObject({
          form: z.literal('national'),
          country: countrySchema,
          nationalPrefix: prefixDigits.optional(),
          internationalPrefix: prefixDigits.optional(),
        })
        .transform(({ form, country, ...given }) => ({
          form,
          country,
          nationalPrefix: given.nationalPrefix ?? dialingOf(country).nationalPrefix,
          internationalPrefix: given.internationalPrefix ?? dialingOf(country).internationalPrefix,
        })),
    ],
    { error: 'must have a form: e164, digits or national' },
  )
  .meta({
    description:
      'How the carrier writes numbers: `e164` with a `+`, `digits` without, `national` as people of the country ' +
      'dial; the two prefixes are the country’s own where they are not given',
    example: { form: 'e164' },
  });

/** The same, complete, as it is shown. */
export const shownFormat = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('e164') }),
  z.strictObject({ form: z.literal('digits') }),
  z.strictObject({
    form: z.literal('national'),
    country: z.string(),
    nationalPrefix: z.string(),
    internationalPrefix: z.string(),
  }),
]);

/** What people of a country dial before numbers of their own and of other countries. */
function dialingOf(country: Country) {
  const example = getExampleNumber(country, examples);
  // `010 2000 0000` of the number 1020000000.
  const dialed = example?.formatNational().replaceAll(/\D/g, '') ?? '';
  const own = example?.nationalNumber ?? '';
  return {
    nationalPrefix: dialed.endsWith(own) ? dialed.slice(0, dialed.length - own.length) : '',
    internationalPrefix: getCountryCallingCode(country) === '1' ? '011' : '00',
  };
}
