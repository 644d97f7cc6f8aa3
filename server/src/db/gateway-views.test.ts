import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { postgresUnderTest } from '../testing/postgres-database.ts';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';
import type { Tx } from './database.ts';
import { replaceGatewayViews } from './gateway-views.ts';

describe('the gateway’s views', () => {
  it('have the emergency numbers that operators name, as soon as they do', async () => {
    const server = await serverUnderTest();
    const { db } = server.running.database;
    const named = async () =>
      (
        await sql<{ number: string }>`select number from gateway_emergency_numbers order by number`.execute(
          db,
        )
      ).rows;
    expect(await named()).toEqual([]);
    await server.operate('PATCH', '/v1/calling-limits', { emergencyNumbers: ['105', '10911'] });
    expect(await named()).toEqual([{ number: '105' }, { number: '10911' }]);
    await server.operate('PATCH', '/v1/calling-limits', { concurrentCalls: 5, emergencyNumbers: [] });
    expect(await named()).toEqual([]);
  });

  it('can be replaced while they are in use, and show the same', async () => {
    const server = await serverUnderTest();
    await addUser(server, 'ada', '+12025550150');
    const { database } = server.running;
    const seen = async () => (await sql`select * from gateway_extensions`.execute(database.db)).rows;
    const before = await seen();
    const [during] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, seen)),
      replaceGatewayViews(database, server.config.settings),
    ]);
    expect(before).toEqual([{ extension: '1001', name: 'Name of ada', number: '+12025550150' }]);
    expect(during).toEqual(Array(20).fill(before));
  });

  it.skipIf(postgresUnderTest === undefined)(
    'and call records are all that the gateway’s own role may use',
    async () => {
      const server = await serverUnderTest();
      const { database } = server.running;
      await sql`do $$ begin create role handset_gateway; exception when duplicate_object then null; end $$`.execute(
        database.db,
      );
      await replaceGatewayViews(database, server.config.settings);
      const asGateway = (work: (tx: Tx) => Promise<unknown>) =>
        database.db.transaction().execute(async (tx) => {
          await sql`set local role handset_gateway`.execute(tx);
          return work(tx);
        });
      for (const view of ['ps_endpoints', 'ps_auths', 'ps_aors', 'gateway_numbers', 'gateway_extensions']) {
        await asGateway((tx) => sql`select * from ${sql.id(view)}`.execute(tx));
      }
      await asGateway((tx) => sql`insert into call_records (call_id) values ('1')`.execute(tx));
      await asGateway((tx) => sql`insert into call_legs (id, call_id) values ('1', '1')`.execute(tx));
      for (const table of [
        'users',
        'credentials',
        'devices',
        'numbers',
        'api_keys',
        'call_records',
        'call_legs',
        'phone_reports',
        'revocations',
      ]) {
        await expect(asGateway((tx) => sql`select * from ${sql.id(table)}`.execute(tx))).rejects.toThrow(
          'permission denied',
        );
      }
      await expect(asGateway((tx) => sql`delete from call_records`.execute(tx))).rejects.toThrow(
        'permission denied',
      );
    },
  );
});
