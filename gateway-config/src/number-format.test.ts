import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNumber, type NumberFormat, readingOf } from './number-format.ts';

const korea: NumberFormat = {
  form: 'national',
  country: 'KR',
  nationalPrefix: '0',
  internationalPrefix: '00700',
};

test.each<[string, NumberFormat, string]>([
  ['+12025550101', { form: 'e164' }, '+12025550101'],
  ['+12025550101', { form: 'digits' }, '12025550101'],
  ['+8223123456', korea, '023123456'],
  ['+12025550101', korea, '0070012025550101'],
  ['112', korea, '112'],
  ['1001', { form: 'digits' }, '1001'],
])('%s as %o is %s', (number, format, written) => {
  expect(formatNumber(number, format)).toBe(written);
});

/** What `[e164]` in extensions.conf does. */
function read(text: string, { home, nationalPrefix, internationalPrefix }: ReturnType<typeof readingOf>) {
  if (text.startsWith('+')) return text;
  if (home === '') return `+${text}`;
  if (text.startsWith(internationalPrefix)) return `+${text.slice(internationalPrefix.length)}`;
  return home + (text.startsWith(nationalPrefix) ? text.slice(nationalPrefix.length) : text);
}

test('a number that is written for a carrier is the same when it is read back', () => {
  const format = fc.constantFrom<NumberFormat>({ form: 'e164' }, { form: 'digits' }, korea);
  const number = fc
    .tuple(fc.constantFrom('+1', '+82', '+44', '+998'), fc.stringMatching(/^[1-9][0-9]{6,10}$/))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(number, format, (e164, how) => {
      expect(read(formatNumber(e164, how), readingOf(how))).toBe(e164);
    }),
  );
});
