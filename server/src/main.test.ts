import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePagePorts, runMain } from './testing/run-main.ts';

const run = (environment: Readonly<Record<string, string>>, data = newDirectory()) =>
  runMain({ HANDSET_DATA: data, ...environment });

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'handset-main-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('the program', { timeout: 30_000 }, () => {
  it('starts in an empty directory, keeps its files private, and ends well on SIGTERM and SIGINT', async () => {
    const data = newDirectory();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const [page] = await freePagePorts(1);
      const server = run({ HANDSET_PORT: String(page) }, data);
      await server.ready;
      for (const file of ['secrets.json', 'handset.db']) {
        expect(statSync(join(data, file)).mode & 0o077, file).toBe(0);
      }
      server.child.kill(signal);
      expect(await server.ended).toBe(0);
      expect(server.said.err).toBe('');
      for (const line of server.said.out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    }
  });

  it('lets a request under way end before it does', async () => {
    const [page = 0] = await freePagePorts(1);
    const server = run({ HANDSET_PORT: String(page) });
    await server.ready;
    const body = JSON.stringify({ login: 'ada', password: 'a wrong one' });
    const socket = connect(page + 1, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    const closed = once(socket, 'close');
    socket.on('data', (piece) => {
      answer += piece;
    });
    const head = ['POST /v1/sessions HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
    socket.write([...head, `Content-Length: ${body.length}`, 'Expect: 100-continue', '', ''].join('\r\n'));
    await vi.waitFor(() => expect(answer).toContain('100 Continue'), { timeout: 10_000, interval: 10 });
    server.child.kill('SIGTERM');
    await vi.waitFor(() => expect(server.said.out).toContain('Stopping'), { timeout: 10_000, interval: 10 });
    socket.write(body);
    await closed;
    expect(answer).toContain('HTTP/1.1 401');
    expect(answer).toContain('urn:handset:problem:sign-in-failed');
    expect(await server.ended).toBe(0);
  });

  it('says in one sentence that a port is in use', async () => {
    const [page = 0] = await freePagePorts(1);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(page + 1, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const server = run({ HANDSET_PORT: String(page) });
    expect(await server.ended).toBe(1);
    expect(server.said.err).toBe(
      `Handset server: Port ${page + 1} on 127.0.0.1 is in use; stop what listens there, or set HANDSET_PORT.\n`,
    );
  });

  it('names every faulty setting at once', async () => {
    const server = run({ HANDSET_PORT: 'x', HANDSET_COUNTRY: 'XX', HANDSET_TYPO: '1' });
    expect(await server.ended).toBe(1);
    for (const name of ['HANDSET_PORT', 'HANDSET_COUNTRY', 'HANDSET_TYPO'])
      expect(server.said.err).toContain(name);
    expect(server.said.err).not.toContain(' at ');
  });

  it('says which secrets can’t be used, and shows none', async () => {
    const data = newDirectory();
    writeFileSync(join(data, 'secrets.json'), JSON.stringify({ turn: 'tooshort' }));
    const server = run({}, data);
    expect(await server.ended).toBe(1);
    expect(server.said.err).toMatch(/secrets\.json can't be used: turn is too short/);
    expect(server.said.err).not.toContain('tooshort');
  });

  it('says that the database can’t be reached', async () => {
    const server = run({ DATABASE_URL: 'postgres://handset@127.0.0.1:1/handset' });
    expect(await server.ended).toBe(1);
    expect(server.said.err).toMatch(
      /^Handset server: The database can't be reached \(.*\); is it running\?\n$/,
    );
  });
});
