import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';
import { backUp, restore } from './backup.ts';

// With PostgreSQL its own tools do this.
const onSqlite = it.skipIf(process.env.HANDSET_TEST_DATABASE_URL !== undefined);

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'handset-backup-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function ask(file: string, sql: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

describe('a backup', () => {
  onSqlite(
    'is whole while others write: each change is in it or is not',
    async () => {
      const server = await serverUnderTest();
      const { db } = server.running.database;
      const user = await addUser(server, 'ada', '+12025550150');
      let isWriting = true;
      let written = 0;
      // Each change writes into two tables.
      const writer = (async () => {
        for (; isWriting; written += 1) {
          await db.transaction().execute(async (tx) => {
            const row = { id: `w${written}`, address: `192.0.2.${written}`, failures: 1 };
            await tx
              .insertInto('bans')
              .values({ ...row, created_at: 1, expires_at: 2 })
              .execute();
            const rate = { prefix: `+1${written}`, name: 'x'.repeat(4_000), per_minute_micros: 1 };
            await tx.insertInto('rates').values(rate).execute();
          });
          // SQLite answers at once: nobody else would have a turn.
          await setImmediate();
        }
      })();
      const files = [1, 2, 3].map((n) => join(directory(), `backup-${n}.db`));
      for (const file of files) {
        const before = written;
        await backUp(server.config.sqliteFile, file);
        while (written < before + 5) await setImmediate();
      }
      isWriting = false;
      await writer;
      for (const file of files) {
        const [counts] = ask(
          file,
          "select (select count(*) from bans where id like 'w%') as bans, (select count(*) from rates) as rates",
        );
        expect(counts?.bans).toBe(counts?.rates);
        expect(ask(file, 'select login from users')).toEqual([{ login: 'ada' }]);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(readdirSync(dirname(file))).toEqual([file.slice(dirname(file).length + 1)]);
      }
      expect(user.login).toBe('ada');
    },
    30_000,
  );

  onSqlite('overwrites nothing', async () => {
    const server = await serverUnderTest();
    const file = join(directory(), 'there.db');
    writeFileSync(file, 'mine');
    await expect(backUp(server.config.sqliteFile, file)).rejects.toThrow('overwrites nothing');
    await expect(backUp(join(directory(), 'nothing.db'), `${file}2`)).rejects.toThrow('no database');
  });
});

describe('restoring', () => {
  onSqlite(
    'brings back what was, and keeps what is replaced',
    async () => {
      const server = await serverUnderTest();
      await addUser(server, 'ada', '+12025550150');
      const { sqliteFile } = server.config;
      const file = join(directory(), 'backup.db');
      await backUp(sqliteFile, file);
      await addUser(server, 'grace');
      await server.running.close();
      const replaced = (await restore(file, sqliteFile)) ?? '';
      const logins = (of: string) =>
        ask(of, 'select login from users order by login').map(({ login }) => login);
      expect(logins(sqliteFile)).toEqual(['ada']);
      expect(logins(replaced)).toEqual(['ada', 'grace']);
      expect(statSync(sqliteFile).mode & 0o777).toBe(0o600);
      // And it is one that a server works with: this is another installation, with secrets of its own.
      const other = await serverUnderTest();
      await other.running.close();
      await restore(file, other.config.sqliteFile);
      const { startServer } = await import('../server.ts');
      const { createLog } = await import('../log.ts');
      const running = await startServer(other.config, createLog('silent'));
      onTestFinished(() => running.close());
      const answer = await fetch(`http://127.0.0.1:${running.ports.api}/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'ada', password: 'password of ada' }),
      });
      expect(answer.status).toBe(201);
    },
    30_000,
  );

  onSqlite('refuses what is no Handset database, and one from the future; what is there stays', async () => {
    const server = await serverUnderTest();
    await addUser(server, 'ada');
    const { sqliteFile } = server.config;
    const here = directory();
    const [text, other, future] = ['text', 'other', 'future'].map((name) => join(here, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(text, 'no database');
    new DatabaseSync(other).exec('create table users (id text)');
    await backUp(sqliteFile, future);
    new DatabaseSync(future).exec("insert into kysely_migration values ('9999-later', '2030')");
    await server.running.close();
    copyFileSync(sqliteFile, join(here, 'before'));
    await expect(restore(text, sqliteFile)).rejects.toThrow('no database of Handset');
    await expect(restore(other, sqliteFile)).rejects.toThrow('no database of Handset');
    await expect(restore(future, sqliteFile)).rejects.toThrow('newer Handset (it has 9999-later)');
    await expect(restore(join(here, 'nothing'), sqliteFile)).rejects.toThrow('There is no file');
    expect(ask(sqliteFile, 'select login from users')).toEqual([{ login: 'ada' }]);
  });
});
