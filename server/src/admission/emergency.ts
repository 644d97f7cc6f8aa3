/** What telephones everywhere know as emergency numbers; the gateway knows the common ones by itself. */
export const EMERGENCY_NUMBERS: readonly string[] = [
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
