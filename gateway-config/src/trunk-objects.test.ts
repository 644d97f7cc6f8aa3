import { describe, expect, test } from 'vitest';
import { type GatewayTrunk, trunkObjects } from './trunk-objects.ts';
import { emergencyRoutes } from './trunk-routes.ts';
import { TRUNKS_FILE, trunksFile } from './trunks-file.ts';

const trunk: GatewayTrunk = {
  id: 'tr1',
  enabled: true,
  hosts: [
    { host: 'a.example', port: 5070 },
    { host: 'b.example', port: null },
  ],
  transport: 'tls',
  srtp: 'required',
  sources: ['192.0.2.0/24'],
  codecs: ['pcma', 'g722'],
  inboundFormat: { form: 'e164' },
  callerIdHeader: 'from',
  fromUser: null,
  fromDomain: null,
  trustsPai: false,
  optionsIntervalSeconds: 30,
};
const optionsOf = (given: GatewayTrunk, type: string, name = 'tr1') =>
  trunkObjects(given, 'handset.local')
    .find((object) => object.type === type && object.name === name)
    ?.options.map(([option, value]) => `${option}=${value}`);

describe('a trunk', () => {
  test('is an endpoint that is known by its addresses alone, with its hosts as contacts', () => {
    expect(optionsOf(trunk, 'endpoint')).toEqual(
      expect.arrayContaining([
        'identify_by=ip',
        'context=from-trunk',
        'transport=transport-tls',
        'media_encryption=sdes',
        'allow=!all,alaw,g722',
        'send_pai=no',
        'trust_id_inbound=no',
        'allow_transfer=no',
        'from_domain=handset.local',
      ]),
    );
    expect(optionsOf(trunk, 'identify')).toEqual(['endpoint=tr1', 'match=192.0.2.0/24']);
    expect(optionsOf(trunk, 'aor')?.slice(0, 2)).toEqual([
      'contact=sip:a.example:5070;transport=tls',
      'contact=sip:b.example;transport=tls',
    ]);
  });

  test('without sources identifies nobody: an empty match would be an error', () => {
    expect(optionsOf({ ...trunk, sources: [] }, 'identify')).toBeUndefined();
  });

  test('registers at each of its hosts, and calls come to its own name', () => {
    const password = { kind: 'password', password: 'secret' } as const;
    const registering = {
      ...trunk,
      credentials: { username: 'us', secret: password },
      registrationSeconds: 600,
    };
    for (const name of ['tr1-1', 'tr1-2']) {
      expect(optionsOf(registering, 'registration', name)).toEqual(
        expect.arrayContaining(['outbound_auth=tr1', 'contact_user=tr1', 'expiration=600']),
      );
    }
    expect(optionsOf(trunk, 'registration', 'tr1-1')).toBeUndefined();
  });
});

test('the file of no trunks has the gateway’s own endpoint all the same, which nobody can sign in as', () => {
  const rows = trunksFile([], 'handset.local');
  expect(new Set(rows.map(({ filename, category }) => `${filename} ${category}`))).toEqual(
    new Set([`${TRUNKS_FILE} handset`]),
  );
  const options = new Map(rows.map(({ var_name, var_val }) => [var_name, var_val]));
  expect([options.get('type'), options.get('identify_by')]).toEqual(['endpoint', 'ip']);
  expect(options.has('auth') || options.has('aors')).toBe(false);
});

test('each section of the file is apart from the next', () => {
  const rows = trunksFile([trunk, { ...trunk, id: 'tr2' }], 'handset.local');
  const types = rows.filter(({ var_name }) => var_name === 'type');
  expect(new Set(types.map(({ cat_metric }) => cat_metric)).size).toBe(types.length);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test('emergency calls have each host in its turn, numbered from 0', () => {
  const routes = emergencyRoutes([
    { ...trunk, outboundFormat: { form: 'digits' } },
    { ...trunk, id: 'tr2', transport: 'udp', outboundFormat: { form: 'e164' } },
  ]);
  expect(routes.map(({ position, trunk_id, target }) => [position, trunk_id, target])).toEqual([
    [0, 'tr1', 'a.example:5070;transport=tls'],
    [1, 'tr1', 'b.example;transport=tls'],
    [2, 'tr2', 'a.example:5070'],
    [3, 'tr2', 'b.example'],
  ]);
});
