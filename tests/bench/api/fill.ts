import { sql } from 'kysely';
import { readConfig } from '../../../server/src/config.ts';
import { openDatabase } from '../../../server/src/db/database.ts';
import { migrate } from '../../../server/src/db/migrate.ts';
import { hashPassword } from '../../../server/src/users/password.ts';

export const PASSWORD = 'the password of all';
const ROWS_AT_ONCE = 1_000;
/** Users take turns with these; each number belongs to the user of the same count, the others are available. */
const NAMES = ['Ada Lovelace', 'Grace Hopper', '김민지', 'Alan Turing', 'Hedy Lamarr'];

/** The `n`th number; they are spread over a hundred area codes. */
export const numberOf = (n: number) => `+1${200 + (Math.floor(n / 2) % 100)}${5_550_000 + n}`;
export const extensionOf = (n: number) => String(100_000 + n);
export const loginOf = (n: number) => `person${String(n).padStart(6, '0')}`;

/**
 * Fills an empty database as years of use would: `count` users, of whom half have a number, and `count` numbers.
 * @param environment the server's
 */
export async function fill(environment: Readonly<Record<string, string>>, count: number): Promise<void> {
  const database = openDatabase(readConfig(environment), () => {});
  try {
    await migrate(database);
    const password_hash = await hashPassword(PASSWORD);
    for (let first = 0; first < count; first += ROWS_AT_ONCE) {
      const some = Array.from({ length: Math.min(ROWS_AT_ONCE, count - first) }, (_, i) => first + i);
      const users = some.map((n) => ({
        id: `us${n}`,
        login: loginOf(n),
        name: `${NAMES[n % NAMES.length]} ${n}`,
        password_hash,
        role: 'user' as const,
        extension: extensionOf(n),
        created_at: n,
      }));
      const numbers = some.map((n) => {
        const owner = n % 2 === 0 ? { user_id: `us${n}`, assigned_at: n, state: 'assigned' as const } : {};
        return {
          e164: numberOf(n),
          created_at: n,
          state: 'available' as const,
          user_id: null,
          assigned_at: null,
          ...owner,
        };
      });
      await database.db.transaction().execute(async (tx) => {
        await tx.insertInto('users').values(users).execute();
        await tx.insertInto('numbers').values(numbers).execute();
      });
    }
    // PostgreSQL does so by itself within a minute.
    await sql`analyze`.execute(database.db);
  } finally {
    await database.close();
  }
}
