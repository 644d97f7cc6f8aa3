import type { Tx } from '../db/database.ts';

/** One device, or all of a user's. */
export type Revoked = { readonly deviceId: string } | { readonly userId: string };

/**
 * Revokes devices: their sessions end, and their credentials are gone from the gateway's view with the commit
 * of `tx`, so that the next REGISTER or INVITE is refused. What is live on the gateway (contacts, calls) is
 * noted in the same transaction for {@link import('../gateway/revoker.ts').Revoker}, to be told after commit;
 * so nothing is lost if the gateway, or this process, is down at that moment.
 * @returns whether there is something to tell the gateway
 */
export async function revokeDevicesOf(tx: Tx, revoked: Revoked): Promise<boolean> {
  const now = Date.now();
  const [column, value] =
    'deviceId' in revoked
      ? (['devices.id', revoked.deviceId] as const)
      : (['devices.user_id', revoked.userId] as const);
  await tx
    .updateTable('devices')
    .set({ revoked_at: now })
    .where(column, '=', value)
    .where('revoked_at', 'is', null)
    .execute();
  const gone = await tx
    .selectFrom('credentials')
    .innerJoin('devices', 'devices.id', 'credentials.device_id')
    .innerJoin('users', 'users.id', 'devices.user_id')
    .where(column, '=', value)
    .select(['credentials.id', 'users.extension'])
    .execute();
  if (gone.length === 0) return false;
  await tx
    .insertInto('revocations')
    .values(gone.map(({ id, extension }) => ({ credential_id: id, extension, revoked_at: now })))
    .execute();
  await tx
    .deleteFrom('credentials')
    .where(
      'id',
      'in',
      gone.map(({ id }) => id),
    )
    .execute();
  return true;
}

/**
 * Has all that lives by a user's desk phones ended. Their credentials are not touched: they are the gateway's to
 * refuse for as long as the user is disabled.
 * @returns whether there is something to tell the gateway
 */
export async function endPhonesOf(tx: Tx, userId: string): Promise<boolean> {
  const phones = await tx
    .selectFrom('phones')
    .innerJoin('users', 'users.id', 'phones.user_id')
    .where('users.id', '=', userId)
    .select(['phones.id', 'users.extension'])
    .execute();
  if (phones.length === 0) return false;
  const revoked_at = Date.now();
  await tx
    .insertInto('revocations')
    .values(phones.map(({ id, extension }) => ({ credential_id: id, extension, revoked_at })))
    .onConflict((conflict) => conflict.column('credential_id').doUpdateSet({ revoked_at }))
    .execute();
  return true;
}
