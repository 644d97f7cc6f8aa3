import type { TrunkHost } from '@handset/gateway-config';
import type { Database } from '../db/database.ts';
import { lockFor } from '../db/write-lock.ts';
import { writeGatewayFile } from './gateway-file.ts';
import type { Addresses } from './resolver.ts';
import { readTrunk, toColumns } from './stored.ts';

/** What the settings say of the first trunk. */
export interface CarrierOfSettings {
  readonly host: TrunkHost;
  readonly isSimulated: boolean;
}

/**
 * At each start: the trunk that follows the settings gets their host, names are looked up, and what the gateway reads is
 * written anew, as this version writes it.
 */
export async function prepareTrunks(
  database: Database,
  domain: string,
  carrier: CarrierOfSettings,
  resolve: Addresses,
): Promise<void> {
  await followSettings(database, carrier);
  await refreshAddresses(database, domain, resolve, true);
}

const NAME_OF_SIMULATED = 'Simulated carrier';

async function followSettings({ db, dialect }: Database, carrier: CarrierOfSettings): Promise<void> {
  const name = carrier.isSimulated ? NAME_OF_SIMULATED : carrier.host.host;
  await db.transaction().execute(async (tx) => {
    await lockFor(tx, dialect, 'trunks');
    const rows = await tx.selectFrom('trunks').selectAll().where('from_settings', '=', 1).execute();
    for (const row of rows) {
      const settings = { ...readTrunk(row).settings, hosts: [carrier.host] };
      // What somebody has named keeps its name.
      const isUnnamed = row.name === 'Carrier' || row.name === NAME_OF_SIMULATED;
      const columns = toColumns(isUnnamed ? { ...settings, name } : settings);
      await tx.updateTable('trunks').set(columns).where('id', '=', row.id).execute();
    }
  });
}

/**
 * Looks the names of all hosts up anew. A name that is unknown just now keeps the addresses that it had.
 * @param isWritten whether the gateway's file is written even where nothing changed
 * @returns whether anything changed
 */
export async function refreshAddresses(
  { db, dialect }: Database,
  domain: string,
  resolve: Addresses,
  isWritten = false,
): Promise<boolean> {
  const before = (await db.selectFrom('trunks').selectAll().execute()).map(readTrunk);
  const found = await Promise.all(
    before.map(async (trunk) => ({ ...trunk, now: await resolve(trunk.settings.hosts) })),
  );
  return db.transaction().execute(async (tx) => {
    await lockFor(tx, dialect, 'trunks');
    let hasChanged = false;
    for (const { row, now } of found) {
      const resolved = JSON.stringify(now);
      if (now.length === 0 || resolved === row.resolved) continue;
      // Not where its hosts were changed meanwhile.
      const { numUpdatedRows } = await tx
        .updateTable('trunks')
        .set({ resolved })
        .where('id', '=', row.id)
        .where('settings', '=', row.settings)
        .executeTakeFirst();
      hasChanged ||= numUpdatedRows > 0n;
    }
    if (hasChanged || isWritten) await writeGatewayFile(tx, domain);
    return hasChanged;
  });
}
