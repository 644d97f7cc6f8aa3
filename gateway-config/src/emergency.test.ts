import { expect, test } from 'vitest';
import { emergencyNumbers } from './emergency.ts';
import { environmentOf, readSettings, SettingsError } from './settings.ts';

const of = (environment: Readonly<Record<string, string>>) => emergencyNumbers(readSettings(environment));

test('the common emergency numbers, and those of the country', () => {
  expect(of({})).toEqual(expect.arrayContaining(['112', '119', '911']));
  expect(of({})).not.toContain('995');
  expect(of({ HANDSET_COUNTRY: 'SG' })).toEqual(expect.arrayContaining(['112', '995', '999']));
});

test('or those that the setting names, and no other', () => {
  expect(of({ HANDSET_EMERGENCY_NUMBERS: '112, 119' })).toEqual(['112', '119']);
  expect(() => of({ HANDSET_EMERGENCY_NUMBERS: '112,x' })).toThrow(SettingsError);
  expect(() => of({ HANDSET_EMERGENCY_NUMBERS: '112,+1202555' })).toThrow(SettingsError);
});

test('a process that is given the settings has the same', () => {
  const settings = readSettings({ HANDSET_EMERGENCY_NUMBERS: '112,119' });
  expect(emergencyNumbers(readSettings(environmentOf(settings)))).toEqual(['112', '119']);
});
