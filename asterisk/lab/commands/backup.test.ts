import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { repo } from '../places.ts';

function lab(...args: readonly string[]) {
  const data = mkdtempSync(join(tmpdir(), 'handset-backup-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const run = (environment: Readonly<Record<string, string>> = {}) => {
    const { PATH = '' } = process.env;
    const env = { PATH, HANDSET_DATA: data, ...environment };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(repo, 'asterisk/lab/cli.ts'), ...args],
      { env, encoding: 'utf8' },
    );
    return { status, said: stdout + stderr };
  };
  return { data, run };
}

test('nothing is restored under a lab that runs', () => {
  const { data, run } = lab('restore', 'backup.db');
  // By its command line it is a lab.
  const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'cli.ts']);
  onTestFinished(() => void running.kill());
  writeFileSync(join(data, 'lab.pid'), String(running.pid));
  const { status, said } = run();
  expect(status).toBe(1);
  expect(said).toContain(`A lab (process ${running.pid}) runs on this data directory. Stop it first`);
}, 60_000);

test('a file of another kind is refused in a sentence, and nothing is made', () => {
  const { data, run } = lab('restore', join(repo, 'package.json'));
  const { status, said } = run();
  expect(status).toBe(1);
  expect(said).toContain('package.json is no database of Handset.');
  expect(existsSync(join(data, 'handset.db'))).toBe(false);
}, 60_000);

test('with PostgreSQL it is said what does it, as a shell takes it', () => {
  const DATABASE_URL = 'postgres://handset:secret@db.example/handset?sslmode=require&connect_timeout=3';
  const { said } = lab('backup', '/backups/monday').run({ DATABASE_URL });
  expect(said).toContain(
    "pg_dump --format=custom --file='/backups/monday' 'postgres://handset@db.example/handset?sslmode=require&connect_timeout=3'",
  );
  expect(said).not.toContain('secret');
}, 60_000);
