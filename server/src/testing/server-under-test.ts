import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secret } from '@handset/gateway-config';
import { Client } from 'pg';
import { expect, onTestFinished, vi } from 'vitest';
import { readConfig, type ServerConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { type RunningServer, startServer } from '../server.ts';

/** What a response was, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it with assertions of their own
  readonly body: any;
}

export interface Ask {
  readonly body?: unknown;
  /** In place of `body`: sent as it is. */
  readonly raw?: string;
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A real server on a database of its own. */
export interface ServerUnderTest {
  readonly config: ServerConfig;
  readonly running: RunningServer;
  readonly api: string;
  readonly internal: string;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** Asks the public API as nobody in particular. */
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** Asks as the operator. */
  operate(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Asks the private listener as the gateway. */
  askInternal(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Waits until the gateway's manager interface is connected. */
  gatewayConnected(): Promise<void>;
  /** Signs in. @returns the cookie to send */
  signIn(login: string, password: string): Promise<string>;
}

export interface UnderTestOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Port of a gateway's manager interface. */
  readonly amiPort?: number;
  /** The server's secret on it, if not a random one. */
  readonly amiSecret?: string;
}

/** A port that nothing listens on: the gateway is not there. */
const NO_GATEWAY = 1;

/**
 * Starts a server on an empty database, ended with the test. That database is a SQLite file; or, where
 * `HANDSET_TEST_DATABASE_URL` names a PostgreSQL server, a new database there:
 *
 * ```
 * initdb -D /tmp/pg -A trust -U handset            # as an unprivileged user
 * pg_ctl -D /tmp/pg -o '-p 8390 -c listen_addresses=127.0.0.1 -k /tmp' start
 * HANDSET_TEST_DATABASE_URL=postgres://handset@127.0.0.1:8390/postgres npx vitest run --project unit server
 * ```
 */
export async function serverUnderTest(options: UnderTestOptions = {}): Promise<ServerUnderTest> {
  const config = await configUnderTest(options);
  const log: string[] = [];
  const logger = createLog('trace', { write: (line: string) => void log.push(line) });
  const running = await startServer(config, logger, { checkReplies: true });
  onTestFinished(() => running.close());
  const api = `http://127.0.0.1:${running.ports.api}`;
  const internal = `http://127.0.0.1:${running.ports.internal}`;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const under: ServerUnderTest = {
    config,
    running,
    api,
    internal,
    log,
    ask: (method, path, ask) => request(api + path, method, ask),
    operate: (method, path, body) =>
      request(api + path, method, { body, headers: bearer(config.secrets.apiKey) }),
    askInternal: (method, path, body) =>
      request(internal + path, method, { body, headers: bearer(config.secrets.internal) }),
    async gatewayConnected() {
      const state = async () => (await under.ask('GET', '/readyz')).body.gateway;
      await vi.waitFor(async () => expect(await state()).toBe('connected'), { timeout: 5_000, interval: 10 });
    },
    async signIn(login, password) {
      const { status, headers } = await under.ask('POST', '/v1/sessions', { body: { login, password } });
      if (status !== 201) throw new Error(`Sign-in answered ${status}`);
      return headers.getSetCookie()[0]?.split(';')[0] ?? '';
    },
  };
  return under;
}

/** Configuration of a server on free ports with a data directory and a database of its own. */
export async function configUnderTest(options: UnderTestOptions = {}): Promise<ServerConfig> {
  const data = mkdtempSync(join(tmpdir(), 'handset-server-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const postgres = process.env.HANDSET_TEST_DATABASE_URL;
  const database = postgres ? { DATABASE_URL: await newPostgresDatabase(postgres) } : {};
  const config = readConfig({ HANDSET_DATA: data, ...database, ...options.environment });
  const anywhere = { bind: '127.0.0.1', host: '127.0.0.1', port: 0 };
  const ami = { ...anywhere, port: options.amiPort ?? NO_GATEWAY };
  const secrets = options.amiSecret ? { ...config.secrets, ami: secret(options.amiSecret) } : config.secrets;
  return { ...config, secrets, topology: { ...config.topology, api: anywhere, internal: anywhere, ami } };
}

async function newPostgresDatabase(server: string): Promise<string> {
  const name = `handset_test_${randomBytes(6).toString('hex')}`;
  await onPostgres(server, `create database ${name}`);
  onTestFinished(() => onPostgres(server, `drop database ${name} with (force)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onPostgres(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** One request, its response read whole. */
export async function request(url: string, method: string, ask: Ask = {}): Promise<Answer> {
  const { body, raw, cookie, headers } = ask;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: {
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
  });
  const type = response.headers.get('content-type') ?? '';
  // It has no end.
  if (type.startsWith('text/event-stream')) await response.body?.cancel();
  const text = response.bodyUsed ? '' : await response.text();
  const isJson = /[/+]json/.test(type);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** A user as tests make them. */
export interface TestUser {
  readonly id: string;
  readonly login: string;
  readonly password: string;
  readonly extension: string;
}

/** Makes a user, with a number where one is given. */
export async function addUser(server: ServerUnderTest, login: string, e164?: string): Promise<TestUser> {
  const password = `password of ${login}`;
  const { body: user } = await server.operate('POST', '/v1/users', {
    name: `Name of ${login}`,
    login,
    password,
  });
  if (e164 !== undefined) {
    await server.operate('POST', '/v1/numbers', { e164 });
    await server.operate('PUT', `/v1/numbers/${e164}/assignment`, { userId: user.id });
  }
  return { id: user.id, login, password, extension: user.extension };
}
