import type { Country } from './identifiers.ts';
import type { Settings } from './settings.ts';

/** What telephones everywhere know as emergency numbers. */
export const COMMON_EMERGENCY_NUMBERS: readonly string[] = [
  '000',
  '110',
  '111',
  '112',
  '113',
  '115',
  '117',
  '118',
  '119',
  '911',
  '988',
  '999',
];

/** What is called for help in some countries beside those. */
const OF_COUNTRY: Readonly<Partial<Record<Country, readonly string[]>>> = {
  AT: ['122', '133', '144'],
  AU: ['106'],
  BR: ['190', '192', '193'],
  CH: ['144'],
  CN: ['120', '122'],
  FR: ['114', '116', '191', '196'],
  IN: ['100', '101', '102', '108'],
  SG: ['995'],
  ZA: ['10111', '10177'],
};

/**
 * The numbers that need no permission, no limit and no server: the gateway's dialplan is made with them, and the server
 * decides on them in the same way.
 */
export function emergencyNumbers({
  HANDSET_EMERGENCY_NUMBERS,
  HANDSET_COUNTRY,
}: Pick<Settings, 'HANDSET_EMERGENCY_NUMBERS' | 'HANDSET_COUNTRY'>): readonly string[] {
  return HANDSET_EMERGENCY_NUMBERS ?? [...COMMON_EMERGENCY_NUMBERS, ...(OF_COUNTRY[HANDSET_COUNTRY] ?? [])];
}
