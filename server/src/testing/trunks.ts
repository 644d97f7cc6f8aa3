import type { ServerUnderTest } from './server-under-test.ts';

/** Carriers as tests make them. */
export const addressTrunk = {
  kind: 'address',
  name: 'Carrier A',
  hosts: [{ host: '192.0.2.10', port: 5060 }],
};
export const digestTrunk = {
  ...addressTrunk,
  kind: 'digest',
  username: 'handset',
  password: 'correct-horse-battery',
};

export const createTrunk = async (server: ServerUnderTest, body: object) =>
  (await server.operate('POST', '/v1/trunks', body)).body;

/** The names of the fields at fault. */
export const faultsOf = (body: { faults: { field: string }[] }) =>
  body.faults.map(({ field }) => field).toSorted();

/** What the gateway reads of a trunk: its lines of one type. */
export async function linesOf({ running }: ServerUnderTest, id: string, type: string): Promise<string[]> {
  const rows = await running.database.db
    .selectFrom('gateway_config')
    .selectAll()
    .orderBy('cat_metric', 'desc')
    .orderBy('var_metric')
    .execute();
  const sections = Map.groupBy(rows, ({ cat_metric }) => cat_metric);
  const section = [...sections.values()].find(
    (lines) => lines[0]?.category === id && lines[0].var_val === type,
  );
  return (section ?? []).slice(1).map(({ var_name, var_val }) => `${var_name}=${var_val}`);
}
