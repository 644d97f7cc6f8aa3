import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { environmentOf, readSettings, SettingsError, settingsTable } from './settings.ts';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(environment);
  } catch (fault) {
    if (fault instanceof SettingsError) return fault.faults;
    throw fault;
  }
  return [];
}

describe('settings', () => {
  test('an empty environment gives the defaults, and an empty variable counts as not set', () => {
    expect(readSettings({ HANDSET_PORT: '' })).toEqual(readSettings({}));
    expect(readSettings({}).HANDSET_PORT).toBe(8080);
  });

  test('every fault is reported at once, each with the name of its setting', () => {
    const faults = faultsOf({
      HANDSET_PORT: 'eighty',
      HANDSET_COUNTRY: 'XX',
      HANDSET_BIND: 'here',
      DATABASE_URL: 'mysql://x',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'HANDSET_BIND',
      'HANDSET_COUNTRY',
      'HANDSET_PORT',
    ]);
  });

  test('a misspelt setting is a fault, not silently ignored', () => {
    expect(faultsOf({ HANDSET_PROT: '9090' })).toEqual(['HANDSET_PROT: no such setting']);
  });

  test('a page port whose block would pass 65535 is refused', () => {
    expect(faultsOf({ HANDSET_PORT: '65530' })).toHaveLength(1);
    expect(faultsOf({ HANDSET_PORT: '65526' })).toEqual([]);
  });

  test('the range of extensions may not end before it begins', () => {
    expect(faultsOf({ HANDSET_EXTENSION_FIRST: '2000', HANDSET_EXTENSION_LAST: '1999' })).toEqual([
      'HANDSET_EXTENSION_LAST: must not be below HANDSET_EXTENSION_FIRST',
    ]);
  });

  test('settings handed to another process arrive there as they were', () => {
    const settings = readSettings({
      HANDSET_PORT: '9090',
      HANDSET_RTP_PORTS: '30000-30999',
      HANDSET_RELAY_ONLY: 'yes',
    });
    expect(readSettings(environmentOf(settings))).toEqual(settings);
  });

  test.each(['20000', '20000-20010', '65000-70000', '20999-20000', 'many'])(
    '%s is no range of RTP ports',
    (range) => {
      expect(faultsOf({ HANDSET_RTP_PORTS: range })).toHaveLength(1);
    },
  );

  test('a country may be written in small letters', () => {
    expect(readSettings({ HANDSET_COUNTRY: 'kr' }).HANDSET_COUNTRY).toBe('KR');
  });

  test('a credential lives twelve hours at most', () => {
    expect(faultsOf({ HANDSET_CREDENTIAL_TTL: '43201' })).toHaveLength(1);
    expect(faultsOf({ HANDSET_CREDENTIAL_TTL: '43200' })).toEqual([]);
  });

  test("the README's table is the one made from the schema", () => {
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(settingsTable());
  });
});
