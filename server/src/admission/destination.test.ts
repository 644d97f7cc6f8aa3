import { isE164 } from '@handset/gateway-config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES, type Rules } from '../policies/rules.ts';
import { destinationOf, permits } from './destination.ts';

function look(number: string) {
  if (!isE164(number)) throw new Error(`${number} is no number`);
  return destinationOf(number);
}
const may = (number: string, rules: Partial<Rules> = {}) =>
  permits({ ...DEFAULT_RULES, ...rules }, look(number), 'US').allowed;

describe('a destination', () => {
  it.each([
    ['+12025550101', 'US', undefined],
    ['+14165550101', 'CA', undefined],
    ['+18762345678', 'JM', undefined],
    ['+442079460018', 'GB', undefined],
    ['+449098790000', 'GB', 'premium'],
    ['+19005551234', 'US', 'premium'],
    ['+979123456789', undefined, 'premium'],
    ['+881612345678', undefined, 'satellite'],
    ['+870773111632', undefined, 'satellite'],
    ['+883510012345', undefined, 'satellite'],
    ['+80012345678', undefined, undefined],
  ])('%s is of %s, and %s', (number, country, special) => {
    expect(look(number)).toMatchObject({ ...(country && { country }), ...(special && { special }) });
    expect([look(number).country, look(number).special]).toEqual([country, special]);
  });
});

describe('a policy', () => {
  it('that says nothing allows the own country alone: not its neighbours of the same code, nor what is expensive', () => {
    expect(may('+12025550101')).toBe(true);
    for (const number of ['+14165550101', '+18762345678', '+442079460018', '+19005551234', '+881612345678']) {
      expect(may(number), number).toBe(false);
    }
  });

  it('allows and denies by country', () => {
    expect(may('+442079460018', { allowedCountries: ['home', 'GB'] })).toBe(true);
    expect(may('+442079460018', { allowedCountries: ['all'] })).toBe(true);
    expect(may('+442079460018', { allowedCountries: ['all'], deniedCountries: ['GB'] })).toBe(false);
    expect(may('+12025550101', { allowedCountries: ['all'], deniedCountries: ['home'] })).toBe(false);
    expect(may('+12025550101', { deniedCountries: ['all'] })).toBe(true);
    expect(may('+80012345678', { allowedCountries: ['home', 'GB'] })).toBe(false);
  });

  it('lets the most specific prefix decide, and the denied one of two alike', () => {
    const rules = { allowedPrefixes: ['+44', '+44207946'], deniedPrefixes: ['+4420', '+1202'] };
    expect(may('+441914980018', rules)).toBe(true);
    expect(may('+442089460018', rules)).toBe(false);
    expect(may('+442079460018', rules)).toBe(true);
    expect(may('+12025550101', rules)).toBe(false);
    expect(may('+441914980018', { allowedPrefixes: ['+44'], deniedPrefixes: ['+44'] })).toBe(false);
  });

  it('allows premium and satellite numbers where they are named, and by nothing else', () => {
    const all: Partial<Rules> = {
      allowedCountries: ['all'],
      allowedPrefixes: ['+1', '+1900', '+88', '+8816'],
    };
    for (const number of ['+19005551234', '+881612345678']) {
      expect(may(number, all), number).toBe(false);
      expect(may(number, { premiumPrefixes: ['+1900', '+8816'] }), number).toBe(true);
      expect(may(number, { premiumPrefixes: ['+1', '+8'], deniedPrefixes: ['+19', '+88'] }), number).toBe(
        false,
      );
    }
  });

  it('with any prefixes decides by the longest that fits', () => {
    const prefix = fc.stringMatching(/^\+1[2-9]\d{0,6}$/);
    const lists = fc.record({
      allowedPrefixes: fc.array(prefix, { maxLength: 6 }),
      deniedPrefixes: fc.array(prefix, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(lists, fc.nat(9_999_999), (rules, n) => {
        const number = `+1202${String(n).padStart(7, '2')}`;
        const { special, country } = look(number);
        fc.pre(special === undefined && country === 'US');
        const fits = [
          ...rules.allowedPrefixes.map((text) => ({ text, allowed: true })),
          ...rules.deniedPrefixes.map((text) => ({ text, allowed: false })),
        ].filter(({ text }) => number.startsWith(text));
        const most = Math.max(0, ...fits.map(({ text }) => text.length));
        const deciding = fits.filter(({ text }) => text.length === most);
        const expected = deciding.every(({ allowed }) => allowed);
        expect(may(number, rules)).toBe(expected);
      }),
    );
  });
});
