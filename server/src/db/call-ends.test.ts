import { Client } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { postgresUnderTest } from '../testing/postgres-database.ts';
import { serverUnderTest } from '../testing/server-under-test.ts';

const RECORD = `INSERT INTO call_records (call_id, direction, extension, number, started_at, answered_at, reason, sip_code)
  VALUES ('c1', 'outbound', '1001', '+12025550101', 10, 20, 'completed', 200)`;
const END = `INSERT INTO call_ends (call_id, answered_at, ended_at) VALUES ('c1', 20, 30)`;
const WAITING = `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
  WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`;

it.skipIf(postgresUnderTest === undefined).for([
  { one: 'record', first: RECORD, second: END },
  { one: 'end', first: END, second: RECORD },
])(
  'a call’s record has its end though both are written at once, the $one first',
  async ({ first, second }) => {
    const { running, config } = await serverUnderTest();
    const connect = async () => {
      const client = new Client({ connectionString: config.settings.DATABASE_URL });
      await client.connect();
      onTestFinished(() => client.end());
      return client;
    };
    const [one, other] = await Promise.all([connect(), connect()]);
    await one.query('BEGIN');
    await one.query(first);
    let done = false;
    const writing = other.query(second).then(() => {
      done = true;
    });
    // It waits for the first, or would not have: then the first does not see it either.
    await vi.waitFor(async () => {
      const waiting = await one.query(WAITING);
      expect(done || waiting.rowCount === 1).toBe(true);
    });
    await one.query('COMMIT');
    await writing;
    const records = await running.database.db.selectFrom('call_records').select('ended_at').execute();
    expect(records).toEqual([{ ended_at: 30 }]);
  },
);
