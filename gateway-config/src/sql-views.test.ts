import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { callRecordColumns, gatewayTables } from './sql-tables.ts';
import { gatewayViews } from './sql-views.ts';

const settings = {
  HANDSET_DOMAIN: 'handset.local',
  HANDSET_CODECS: 'g722,opus',
  HANDSET_OUTSIDE_CODECS: 'trunk',
} as const;
const LATER = Date.now() + 3_600_000;
const EARLIER = Date.now() - 2_000;

let db: DatabaseSync;

/** The columns of the business tables that the views read. */
const TABLES = `
  CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT, extension TEXT UNIQUE, disabled_at BIGINT);
  CREATE TABLE devices (id TEXT PRIMARY KEY, user_id TEXT, expires_at BIGINT, revoked_at BIGINT);
  CREATE TABLE credentials (id TEXT PRIMARY KEY, device_id TEXT, ha1 TEXT, expires_at BIGINT);
  CREATE TABLE numbers (e164 TEXT PRIMARY KEY, user_id TEXT, assigned_at BIGINT);
  CREATE TABLE bans (id TEXT PRIMARY KEY, address TEXT, created_at BIGINT, expires_at BIGINT);
  CREATE INDEX devices_user ON devices (user_id);
  CREATE INDEX credentials_device ON credentials (device_id);
`;

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  db.exec(TABLES);
  for (const { sql } of [...gatewayTables(), ...gatewayViews('sqlite', settings)]) db.exec(sql);
  insert('users', ['u1', 'Ada Lovelace', '1001', null]);
  insert('devices', ['d1', 'u1', LATER, null]);
  insert('credentials', ['dv1', 'd1', 'a1', LATER]);
});

function insert(table: string, row: readonly (string | number | null)[]): void {
  db.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join(', ')})`).run(...row);
}

const rows = (sql: string) =>
  db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
const ids = (view: string) => rows(`SELECT id FROM ${view} ORDER BY id`).map(({ id }) => id);

describe('a credential', () => {
  test('is an endpoint of its own, which registers as the extension', () => {
    expect(rows('SELECT id, auth, aors, callerid, webrtc, allow, set_var FROM ps_endpoints')).toEqual([
      {
        id: 'dv1',
        auth: 'dv1',
        aors: '1001',
        callerid: '"Ada Lovelace" <1001>',
        webrtc: 'yes',
        allow: '!all,g722,opus',
        set_var: 'HANDSET_EXTENSION=1001;TRANSFER_CONTEXT=no-blind-transfer',
      },
    ]);
    expect(rows('SELECT * FROM ps_auths')).toEqual([
      { id: 'dv1', auth_type: 'md5', username: 'dv1', realm: 'handset', md5_cred: 'a1' },
    ]);
    expect(rows('SELECT id, max_contacts FROM ps_aors')).toEqual([{ id: '1001', max_contacts: 10 }]);
  });

  test.each([
    ['that expired', `UPDATE credentials SET expires_at = ${EARLIER}`],
    ['that was deleted', 'DELETE FROM credentials'],
    ['of a revoked device', `UPDATE devices SET revoked_at = ${EARLIER}`],
    ['of an expired sign-in', `UPDATE devices SET expires_at = ${EARLIER}`],
    ['of a disabled user', `UPDATE users SET disabled_at = ${EARLIER}`],
  ])('%s is no endpoint, and there is nothing to answer a challenge with', (_what, change) => {
    db.exec(change);
    expect(ids('ps_endpoints')).toEqual([]);
    expect(ids('ps_auths')).toEqual([]);
  });

  test.each([
    ['trunk', 'remote_first'],
    ['phone', 'local_merge'],
  ] as const)('is offered the codecs of the %s: %s', (HANDSET_OUTSIDE_CODECS, offer) => {
    db.exec('DROP VIEW ps_endpoints');
    const views = gatewayViews('sqlite', { ...settings, HANDSET_OUTSIDE_CODECS });
    db.exec(views.find(({ name }) => name === 'ps_endpoints')?.sql ?? '');
    expect(rows('SELECT allow, outgoing_call_offer_pref AS offer FROM ps_endpoints')).toEqual([
      { allow: '!all,g722,opus', offer },
    ]);
  });

  test('of a desk phone has plain media, and ends with its user or its time', () => {
    insert('phones', ['ph1', 'u1', 'a2', 0, null]);
    insert('phones', ['ph2', 'u1', 'a3', 0, EARLIER]);
    expect(rows(`SELECT id, aors, webrtc FROM ps_endpoints WHERE id LIKE 'ph%'`)).toEqual([
      { id: 'ph1', aors: '1001', webrtc: 'no' },
    ]);
    db.exec(`UPDATE users SET disabled_at = ${EARLIER}`);
    expect(ids('ps_endpoints')).toEqual([]);
  });
});

test('an endpoint always has an auth: without one it would be open to all', () => {
  insert('phones', ['ph1', 'u1', 'a2', 0, null]);
  expect(
    rows('SELECT id FROM ps_endpoints WHERE auth IS NULL OR auth NOT IN (SELECT id FROM ps_auths)'),
  ).toEqual([]);
});

test('a name can end neither its quotes nor its header', () => {
  db.prepare('UPDATE users SET name = ?').run('Eve" <sip:911@x>\\');
  expect(rows('SELECT callerid FROM ps_endpoints')).toEqual([{ callerid: '"Eve sip:911@x" <1001>' }]);
});

test('a number leads to the extension that it is assigned to, unless its user is disabled', () => {
  insert('numbers', ['+12025550150', 'u1', 2]);
  insert('numbers', ['+12025550151', null, null]);
  // Calls go out with the number assigned first, whichever is lower.
  insert('numbers', ['+12025550140', 'u1', 3]);
  const numbers = 'SELECT * FROM gateway_numbers ORDER BY e164';
  expect(rows(numbers)).toEqual([
    { e164: '+12025550140', extension: '1001' },
    { e164: '+12025550150', extension: '1001' },
  ]);
  expect(rows('SELECT * FROM gateway_extensions')).toEqual([
    { extension: '1001', name: 'Ada Lovelace', number: '+12025550150' },
  ]);
  db.exec(`UPDATE users SET disabled_at = ${EARLIER}`);
  expect(rows(numbers)).toEqual([]);
});

test.each(['ps_endpoints', 'ps_auths', 'ps_aors'])(
  '%s is asked by index, whatever the number of users',
  (view) => {
    const plan = rows(`EXPLAIN QUERY PLAN SELECT * FROM ${view} WHERE id = 'x'`).map(({ detail }) =>
      String(detail),
    );
    // SQLite calls reading the view's own rows a scan, too.
    expect(plan.filter((step) => step.startsWith('SCAN') && step !== `SCAN ${view}`)).toEqual([]);
    expect(plan.some((step) => step.startsWith('SEARCH'))).toBe(true);
  },
);

test('call records have each column that the dialplan fills', () => {
  const columns = rows(`SELECT name FROM pragma_table_info('call_records')`).map(({ name }) => name);
  expect(columns).toEqual(Object.keys(callRecordColumns));
});

test('a desk phone has each option in its own column, beside the browsers', () => {
  db.prepare('INSERT INTO phones (id, user_id, ha1, created_at) VALUES (?, ?, ?, ?)').run(
    'ph1',
    'u1',
    'a',
    1,
  );
  expect(rows("SELECT allow, timers, webrtc, rtp_timeout FROM ps_endpoints WHERE id = 'ph1'")).toEqual([
    { allow: '!all,g722,ulaw,alaw', timers: 'yes', webrtc: 'no', rtp_timeout: '0' },
  ]);
});

describe('the access list', () => {
  test('is there when nobody is banned', () => {
    expect(rows('SELECT * FROM ps_acls')).toEqual([{ id: 'banned', deny: null, '@kept': 'yes' }]);
  });

  test('has the addresses whose ban is not over', () => {
    insert('bans', ['ba1', '192.0.2.1', 1, LATER]);
    insert('bans', ['ba2', '192.0.2.2', 2, EARLIER]);
    insert('bans', ['ba3', '2001:db8:1:2::/64', 3, LATER]);
    expect(rows('SELECT id, deny FROM ps_acls')).toEqual([
      { id: 'banned', deny: '2001:db8:1:2::/64,192.0.2.1' },
    ]);
  });

  test('is bounded', () => {
    for (let n = 0; n < 600; n++) insert('bans', [`b${n}`, `192.0.${n >> 8}.${n & 255}`, n, LATER]);
    const [list] = rows('SELECT deny FROM ps_acls');
    expect(String(list?.deny).split(',')).toHaveLength(500);
    expect(list?.deny).toContain('192.0.2.87');
  });
});
