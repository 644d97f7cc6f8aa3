import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Indexes by which parts of names, logins and numbers are found without reading all of them. */
export const search: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const statements = db.getExecutor().adapter instanceof PostgresAdapter ? POSTGRES : SQLITE;
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

/** Not kept up in batches: a search would read through what is not yet in the index. */
const gin = (name: string, table: string, text: string) =>
  `create index ${name} on ${table} using gin (${text} gin_trgm_ops) with (fastupdate = off)`;

const POSTGRES = [
  // A trusted extension: who owns the database may add it.
  'create extension if not exists pg_trgm',
  gin('users_name_part', 'users', 'lower(name)'),
  gin('users_login_part', 'users', 'login'),
  gin('numbers_part', 'numbers', 'e164'),
];

/** Of what the row `of` has; a line break is in no name, so that no part reaches over both. */
const textOf = (of: string) => `${of}.name || char(10) || ${of}.login`;
/** A number is an id of its own. */
const idOf = (of: string) => `cast(substr(${of}.e164, 2) as integer)`;
const index = (name: string, column: string) =>
  `create virtual table ${name} using fts5(${column}, content = '', contentless_delete = 1, tokenize = 'trigram')`;

/**
 * Full-text indexes of three-letter pieces, kept by triggers; of what they are made of they keep no copy. Their rows have
 * whole numbers as ids: users get one that stays theirs.
 */
const SQLITE = [
  'create table user_search_ids (id integer primary key, user_id text not null unique)',
  index('user_search', 'name_and_login'),
  `insert into user_search_ids (user_id) select id from users`,
  `insert into user_search (rowid, name_and_login)
    select user_search_ids.id, ${textOf('users')} from users join user_search_ids on user_id = users.id`,
  `create trigger users_search_insert after insert on users begin
    insert into user_search_ids (user_id) values (new.id);
    insert into user_search (rowid, name_and_login)
      select id, ${textOf('new')} from user_search_ids where user_id = new.id;
  end`,
  `create trigger users_search_update after update of name, login on users begin
    update user_search set name_and_login = ${textOf('new')}
      where rowid = (select id from user_search_ids where user_id = new.id);
  end`,
  `create trigger users_search_delete after delete on users begin
    delete from user_search where rowid = (select id from user_search_ids where user_id = old.id);
    delete from user_search_ids where user_id = old.id;
  end`,
  index('number_search', 'digits'),
  `insert into number_search (rowid, digits) select ${idOf('numbers')}, substr(e164, 2) from numbers`,
  `create trigger numbers_search_insert after insert on numbers begin
    insert into number_search (rowid, digits) values (${idOf('new')}, substr(new.e164, 2));
  end`,
  `create trigger numbers_search_delete after delete on numbers begin
    delete from number_search where rowid = ${idOf('old')};
  end`,
];
