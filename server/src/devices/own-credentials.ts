import type { Db } from '../db/database.ts';

/** A call may have begun with a credential that the device has renewed since; with this many, it would be days old. */
const CREDENTIALS_OF_CALLS = 8;

/** The credentials that a device's calls can have begun with, the newest first. */
export async function credentialsOfCalls(db: Db, deviceId: string): Promise<string[]> {
  const owned = await db
    .selectFrom('credential_owners')
    .select('credential')
    .where('device_id', '=', deviceId)
    .orderBy('created_at', 'desc')
    .limit(CREDENTIALS_OF_CALLS)
    .execute();
  return owned.map(({ credential }) => credential);
}
