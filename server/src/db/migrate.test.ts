import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../log.ts';
import { startServer } from '../server.ts';
import { freePagePorts, runMain } from '../testing/run-main.ts';
import { addUser, configUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { migrations } from './migrate.ts';

const silent = createLog('silent');

describe('the database', () => {
  it('keeps what is in it over a restart', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', '+12025550150');
    await server.running.close();
    const again = await startServer(server.config, silent);
    onTestFinished(() => again.close());
    const rows = await again.database.db.selectFrom('numbers').selectAll().execute();
    expect(rows).toMatchObject([{ e164: '+12025550150', user_id: id }]);
  });

  it('is made once by two servers that start at the same time', async () => {
    const { settings } = await configUnderTest({ isNew: true });
    const { HANDSET_DATA, DATABASE_URL } = settings;
    const environment = { HANDSET_DATA, ...(DATABASE_URL !== undefined && { DATABASE_URL }) };
    const ports = await freePagePorts(2);
    const both = ports.map((port) => runMain({ ...environment, HANDSET_PORT: String(port) }));
    await Promise.all(both.map((server) => server.ready));
    const server = await startServer(await configUnderTest({ environment }), silent);
    onTestFinished(() => server.close());
    const { rows } = await sql`select name from kysely_migration order by name`.execute(server.database.db);
    expect(rows).toEqual(Object.keys(migrations).map((name) => ({ name })));
  }, 30_000);

  it('is refused, and left alone, where a newer version has changed it', async () => {
    const server = await serverUnderTest();
    const { db } = server.running.database;
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')`.execute(
      db,
    );
    await expect(startServer(server.config, silent)).rejects.toThrow(
      'The database is from a newer Handset (it has 9999-later); start that version, or restore a backup.',
    );
  });

  it('gives the gateway its views, and the table for its call records', async () => {
    const server = await serverUnderTest();
    const { db } = server.running.database;
    for (const name of [
      'ps_endpoints',
      'ps_auths',
      'ps_aors',
      'gateway_numbers',
      'gateway_extensions',
      'call_records',
    ]) {
      const { rows } = await sql`select * from ${sql.id(name)}`.execute(db);
      expect(rows).toEqual([]);
    }
    const { extension } = await addUser(server, 'ada', '+12025550150');
    const numbers = await sql`select e164, extension from gateway_numbers`.execute(db);
    expect(numbers.rows).toEqual([{ e164: '+12025550150', extension }]);
  });

  it('shows no half of a transaction to others: what fails is undone', async () => {
    const server = await serverUnderTest();
    const { db } = server.running.database;
    const e164 = '+12025550150';
    const failing = db.transaction().execute(async (tx) => {
      await tx.insertInto('numbers').values({ e164, created_at: 1, state: 'available' }).execute();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await db.selectFrom('numbers').selectAll().execute()).toEqual([]);
  });

  it('knows times as numbers', async () => {
    const server = await serverUnderTest();
    const before = Date.now();
    await addUser(server, 'ada');
    const { created_at } = await server.running.database.db
      .selectFrom('users')
      .select('created_at')
      .executeTakeFirstOrThrow();
    expect(created_at).toBeGreaterThanOrEqual(before);
  });
});
