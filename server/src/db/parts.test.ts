import fc from 'fast-check';
import { Migrator } from 'kysely/migration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Numbers } from '../numbers/numbers.ts';
import { configUnderTest } from '../testing/server-under-test.ts';
import { Users } from '../users/users.ts';
import { openDatabase } from './database.ts';
import { migrate, migrations } from './migrate.ts';

const BEFORE_SEARCH = '0012-call-ends';
const LIMIT = 200;

/** A database as it was before there was an index of parts. */
async function oldDatabase() {
  const database = openDatabase(await configUnderTest({ isNew: true }), () => {});
  onTestFinished(database.close);
  const old = Object.fromEntries(Object.entries(migrations).filter(([name]) => name <= BEFORE_SEARCH));
  const migrator = new Migrator({ db: database.db, provider: { getMigrations: async () => old } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  const numbers = new Numbers(database);
  const users = new Users(database, { range: { first: 1_001, last: 9_999 }, emergencyNumbers: [] }, numbers);
  return { database, numbers, users };
}

type Old = Awaited<ReturnType<typeof oldDatabase>>;

const loginOf = (n: number) => `person.${n}`;
const userRow = (n: number, name: string) => ({
  id: `us${n}`,
  login: loginOf(n),
  name,
  password_hash: '-',
  role: 'user' as const,
  extension: String(1_000 + n),
  created_at: n,
});

async function addUsers({ database: { db } }: Old, names: readonly string[], first: number) {
  const rows = names.map((name, i) => userRow(first + i, name));
  await db.insertInto('users').values(rows).execute();
}

async function addNumbers({ database: { db } }: Old, e164: readonly string[]) {
  const rows = e164.map((number) => ({ e164: number, created_at: 1, state: 'available' as const }));
  await db.insertInto('numbers').values(rows).execute();
}

const found = {
  users: async ({ users }: Old, search: string) =>
    (await users.list({ limit: LIMIT, search })).users.map(({ name }) => name),
  numbers: async ({ numbers }: Old, digits: string) =>
    (await numbers.list({ limit: LIMIT, digits })).numbers.map(({ e164 }) => e164),
};

const NAMES = [
  'Ada Lovelace',
  'GRACE "Amazing" Hopper',
  '김민지',
  '김민지 Ada',
  'a*b OR c',
  '🙂🙂🙂',
  '100% Ada_L',
  'abc',
];
const NUMBERS = ['+12025550100', '+12025550101', '+442079460018', '+5521987654321', '+821099990000'];

describe('searching by a part', () => {
  it('finds what has it, of before the index and since: any part, however short', async () => {
    const old = await oldDatabase();
    await addUsers(old, NAMES.slice(0, 4), 1);
    await addNumbers(old, NUMBERS.slice(0, 2));
    await migrate(old.database);
    await addUsers(old, NAMES.slice(4), 5);
    await addNumbers(old, NUMBERS.slice(2));
    const parts = NAMES.flatMap((name) => partsOf([...name])).concat('Ada  L', 'zzz', '%%%', '"""', 'c*');
    for (const part of parts) {
      const has = (name: string, i: number) =>
        [name, loginOf(i + 1)].some((text) => text.toLowerCase().includes(part.toLowerCase()));
      expect(await found.users(old, part), part).toEqual(NAMES.filter(has));
    }
    expect(await found.users(old, 'PERSON.3')).toEqual([NAMES[2]]);
    const digits = fc.sample(fc.stringMatching(/^\d{1,7}$/), 200);
    for (const part of NUMBERS.flatMap((number) => partsOf([...number.slice(1)])).concat(digits)) {
      const has = (number: string) => number.includes(part);
      expect(await found.numbers(old, part), part).toEqual(NUMBERS.filter(has));
    }
  }, 60_000);

  it('follows a new name, and forgets who and what is deleted', async () => {
    const old = await oldDatabase();
    await migrate(old.database);
    await addUsers(old, ['Ada Lovelace', 'Grace Hopper'], 1);
    await addNumbers(old, NUMBERS);
    const { db } = old.database;
    await db.updateTable('users').set({ name: 'Ada King' }).where('id', '=', 'us1').execute();
    expect(await found.users(old, 'love')).toEqual([]);
    expect(await found.users(old, 'king')).toEqual(['Ada King']);
    await db.deleteFrom('users').where('id', '=', 'us1').execute();
    expect(await found.users(old, 'king')).toEqual([]);
    await db.deleteFrom('numbers').where('e164', '=', '+12025550100').execute();
    expect(await found.numbers(old, '5550')).toEqual(['+12025550101']);
    await addNumbers(old, ['+12025550100']);
    expect(await found.numbers(old, '5550')).toEqual(['+12025550100', '+12025550101']);
  });

  it('goes through pages where thousands have it', async () => {
    const old = await oldDatabase();
    await migrate(old.database);
    const numbers = Array.from({ length: 2_500 }, (_, n) => `+1202${5_550_000 + n}`);
    await addNumbers(old, numbers);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await old.numbers.list({ limit: LIMIT, digits: '2025', cursor });
      seen.push(...page.numbers.map(({ e164 }) => e164));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(numbers);
  });
});

function partsOf(characters: readonly string[]): string[] {
  return characters.flatMap((_, from) =>
    characters.slice(from).map((_last, length) => characters.slice(from, from + length + 1).join('')),
  );
}
