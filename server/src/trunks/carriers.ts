import { isIPv4 } from 'node:net';
import type { Db } from '../db/database.ts';
import { overlap } from './networks.ts';
import { loadTrunks, toGateway } from './stored.ts';

/** Whether calls of a trunk come from this address. */
export async function isCarrier(db: Db, address: string): Promise<boolean> {
  if (!isIPv4(address)) return false;
  const trunks = await loadTrunks(db);
  return trunks.some((trunk) => toGateway(trunk).sources.some((source) => overlap(source, address)));
}
