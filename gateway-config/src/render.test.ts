import { describe, expect, test } from 'vitest';
import {
  odbcSource,
  PARTS,
  renderTemplate,
  TemplateError,
  type TemplateSources,
  templateValues,
} from './render.ts';
import { completeSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { topology } from './topology.ts';

function sources(kind: 'native' | 'compose' = 'native'): TemplateSources {
  const settings = readSettings({});
  const secrets = completeSecrets(() => 'r'.repeat(43));
  const mounts = { data: '/handset', page: '/page' };
  return {
    settings,
    topology: topology(settings, kind),
    secrets,
    mounts,
    odbc: odbcSource('/handset', 'x64', undefined),
    media: { peers: ['192.0.2.1'], behindNat: [] },
  };
}

describe('templates', () => {
  test('each placeholder is replaced, and everything else is left as it is', () => {
    expect(renderTemplate('port={{api.port}} $EXTEN {x}', { 'api.port': '8081' })).toBe(
      'port=8081 $EXTEN {x}',
    );
  });

  test('an unknown placeholder is an error that names it', () => {
    expect(() => renderTemplate('{{nothing.here}}', {})).toThrow(
      new TemplateError('no value for {{nothing.here}}'),
    );
  });

  test.each(PARTS)('%s has directories of its own below the data directory', (part) => {
    const values = templateValues(part, sources());
    expect(values['paths.etc']).toBe(`/handset/etc/${part}`);
    expect(values['paths.log']).toBe(`/handset/log/${part}`);
  });

  test('listeners keep to loopback natively, and the carrier to a loopback address of its own', () => {
    const values = templateValues('gateway', sources());
    expect(values['gatewayHttp.bind']).toBe('127.0.0.1');
    expect(values['trunk.host']).toBe('127.0.0.9');
  });

  test('behind NAT the external address stands beside the own one, for media and for TURN', () => {
    const settings = readSettings({ HANDSET_EXTERNAL_ADDRESS: '203.0.113.7' });
    const media = { peers: ['192.0.2.1', '203.0.113.7'], behindNat: ['192.0.2.1'], relay: '192.0.2.1' };
    const values = templateValues('gateway', { ...sources(), settings, media });
    expect(values.iceHosts).toBe('192.0.2.1 => 203.0.113.7,include_local_address');
    expect(values.turnRelay).toBe('relay-ip=192.0.2.1\nexternal-ip=203.0.113.7/192.0.2.1');
    expect(values.turnPeers).toBe('allowed-peer-ip=192.0.2.1\nallowed-peer-ip=203.0.113.7');
  });

  test('coturn grants as many relays as it has ports for', () => {
    expect(templateValues('coturn', sources())).toMatchObject({
      'turnMedia.first': '36800',
      'turnMedia.last': '37999',
      'turnMedia.ports': '1200',
    });
  });

  test('containers reach each other by name', () => {
    expect(templateValues('gateway', sources('compose'))['internal.host']).toBe('server');
  });

  test('in containers coturn relays from its own address, whatever the external one is', () => {
    const inContainers = sources('compose');
    const settings = { ...inContainers.settings, HANDSET_EXTERNAL_ADDRESS: '198.51.100.7' };
    const values = templateValues('coturn', { ...inContainers, settings });
    expect(values).toMatchObject({ turnListening: '', turnRelay: '' });
  });
});

test('the gateway reaches SQLite by its file, and PostgreSQL by its address with its password decoded', () => {
  expect(odbcSource('/handset', 'x64', undefined).settings).toContain('Database = /handset/handset.db');
  const source = odbcSource('/handset', 'arm64', new URL('postgres://gateway:p%40ss@db:5433/handset'));
  expect(source.driver).toBe('/usr/lib/aarch64-linux-gnu/odbc/psqlodbcw.so');
  expect(source.settings.split('\n')).toEqual([
    'Servername = db',
    'Port = 5433',
    'Database = handset',
    'Username = gateway',
    'Password = p@ss',
  ]);
});
