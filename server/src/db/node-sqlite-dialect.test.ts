import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { postgresUnderTest } from '../testing/postgres-database.ts';
import { serverUnderTest } from '../testing/server-under-test.ts';

const HELD_MS = 500;

// PostgreSQL lets writers wait by itself.
it.skipIf(postgresUnderTest !== undefined)(
  'waits while another process writes, and goes on with all else meanwhile',
  async () => {
    const server = await serverUnderTest();
    const gateway = new DatabaseSync(server.config.sqliteFile);
    gateway.exec('begin immediate');
    const changes = [
      server.operate('POST', '/v1/numbers', { e164: '+12025550150' }),
      server.running.database.db.deleteFrom('bans').execute(),
    ];
    let ended = 0;
    for (const change of changes) void change.then(() => (ended += 1));
    // What holds the lock lives in this same process: were that held up, it would never let go.
    await delay(HELD_MS);
    expect(ended).toBe(0);
    gateway.exec('commit');
    gateway.close();
    const [made] = await Promise.all(changes);
    expect(made).toMatchObject({ status: 201 });
    expect((await server.operate('GET', '/v1/numbers/+12025550150')).status).toBe(200);
  },
);
