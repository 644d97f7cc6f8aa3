import { emergencyRoutes, trunksFile } from '@handset/gateway-config';
import type { Db } from '../db/database.ts';
import { loadTrunks, type StoredTrunk, toGateway } from './stored.ts';

/**
 * Writes what the gateway reads of the trunks, in the transaction that changed them: its file of them
 * (`trunks.conf`, which it reads again when it is told to), and where emergency calls go without the server.
 */
export async function writeGatewayFile(tx: Db, domain: string): Promise<void> {
  const trunks = await loadTrunks(tx);
  await tx.deleteFrom('gateway_config').execute();
  await tx.deleteFrom('emergency_routes').execute();
  const rows = trunksFile(trunks.map(toGateway), domain);
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    await tx
      .insertInto('gateway_config')
      .values(rows.slice(first, first + ROWS_AT_ONCE))
      .execute();
  }
  const routes = emergencyRoutes(forEmergencies(trunks));
  for (let first = 0; first < routes.length; first += ROWS_AT_ONCE) {
    await tx
      .insertInto('emergency_routes')
      .values(routes.slice(first, first + ROWS_AT_ONCE))
      .execute();
  }
}

const ROWS_AT_ONCE = 1_000;

/** Trunks for certain numbers come last: better one of these than none. */
function forEmergencies(trunks: readonly StoredTrunk[]) {
  const enabled = trunks.filter(({ settings }) => settings.enabled);
  const general = (trunk: StoredTrunk) => trunk.settings.prefixes.length === 0;
  return [...enabled.filter(general), ...enabled.filter((trunk) => !general(trunk))].map(
    ({ row, settings }) => ({ ...settings, id: row.id }),
  );
}
