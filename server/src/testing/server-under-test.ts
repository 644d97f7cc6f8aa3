import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secret } from '@handset/gateway-config';
import { expect, onTestFinished, vi } from 'vitest';
import { readConfig, type ServerConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { type RunningServer, startServer } from '../server.ts';
import { newPostgresDatabase, postgresUnderTest } from './postgres-database.ts';

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
  /** Fails where the answer takes longer. */
  readonly withinMs?: number;
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
  /** Whether its database has nothing in it, not even tables. */
  readonly isNew?: boolean;
}

/** A port that nothing listens on: the gateway is not there. */
const NO_GATEWAY = 1;

/**
 * Starts a server on a database without users, ended with the test. That database is a SQLite file; or, in
 * `npm test -- postgres`, one on PostgreSQL.
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
  const { isNew = false } = options;
  const database =
    postgresUnderTest === undefined
      ? {}
      : { DATABASE_URL: await newPostgresDatabase(postgresUnderTest, isNew ? 'template0' : undefined) };
  const config = readConfig({ HANDSET_DATA: data, ...database, ...options.environment });
  const anywhere = { bind: '127.0.0.1', host: '127.0.0.1', port: 0 };
  const ami = { ...anywhere, port: options.amiPort ?? NO_GATEWAY };
  const secrets = options.amiSecret ? { ...config.secrets, ami: secret(options.amiSecret) } : config.secrets;
  return { ...config, secrets, topology: { ...config.topology, api: anywhere, internal: anywhere, ami } };
}

/** One request, its response read whole. */
export async function request(url: string, method: string, ask: Ask = {}): Promise<Answer> {
  const { body, raw, cookie, headers, withinMs } = ask;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: {
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
    ...(withinMs !== undefined && { signal: AbortSignal.timeout(withinMs) }),
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
