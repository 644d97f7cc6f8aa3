import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { problemSchema } from './problem.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;

describe('a request that can’t be answered', () => {
  const key = ({ config }: ServerUnderTest) => ({ authorization: `Bearer ${config.secrets.apiKey}` });
  const typed = { 'content-type': 'application/json' };
  const bad: [string, number, string, string, Readonly<Record<string, string>>, string?][] = [
    ['malformed JSON', 400, 'malformed-json', 'POST', typed, '{"name": '],
    ['JSON that is no object', 400, 'malformed-json', 'POST', typed, '"text"'],
    ['an array', 400, 'invalid-request', 'POST', typed, '[]'],
    ['no body', 400, 'invalid-request', 'POST', {}],
    [
      'a form',
      415,
      'unsupported-media-type',
      'POST',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a=b',
    ],
    ['text', 415, 'unsupported-media-type', 'POST', { 'content-type': 'text/plain' }, '{}'],
    ['no type', 415, 'unsupported-media-type', 'POST', { 'content-type': '' }, '{}'],
    [
      'an unknown charset',
      415,
      'unsupported-media-type',
      'POST',
      { 'content-type': 'application/json; charset=x' },
      '{}',
    ],
    [
      'a compressed body',
      415,
      'unsupported-media-type',
      'POST',
      { ...typed, 'content-encoding': 'gzip' },
      '{}',
    ],
    ['a large body', 413, 'body-too-large', 'POST', typed, JSON.stringify({ name: 'x'.repeat(70_000) })],
    ['another method', 405, 'method-not-allowed', 'PUT', typed, '{}'],
    ['another method without a body', 405, 'method-not-allowed', 'DELETE', {}],
  ];
  it.each(bad)('%s: %i %s', async (_what, status, name, method, headers, raw) => {
    const server = await serverUnderTest();
    const answer = await server.ask(method, '/v1/users', {
      ...(raw !== undefined && { raw }),
      headers: { ...key(server), ...headers },
    });
    expect([answer.status, answer.body?.type]).toEqual([status, problem(name)]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(problemSchema.parse(answer.body)).toEqual(answer.body);
    if (status === 405) expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });

  it('says in words of the API’s own what is wrong with it', async () => {
    const server = await serverUnderTest();
    const faults = async (path: string, raw: string) =>
      (await server.ask('POST', path, { raw, headers: key(server) })).body.faults;
    expect(await faults('/v1/users', '[]')).toEqual([{ field: '', message: 'must be an object' }]);
    expect(await faults('/v1/numbers/claim', '{}')).toEqual([{ field: 'prefix', message: 'is missing' }]);
  });

  it.each(['/', '/v1', '/v1/nothing', '/v1/users/a/b', '/internal/admissions', '/v1/openapi.json/x', '//'])(
    'at %s: 404',
    async (path) => {
      const server = await serverUnderTest();
      const { status, body } = await server.ask('GET', path);
      expect([status, body.type]).toEqual([404, problem('no-such-route')]);
    },
  );

  it('with a broken escape in its address: 400', async () => {
    const server = await serverUnderTest();
    for (const path of ['/v1/users/%', '/v1/users/%E0%A4%A']) {
      const { status, body } = await server.operate('GET', path);
      expect([status, body.type]).toEqual([400, problem('malformed-request')]);
    }
  });

  it('names every faulty field at once: path, query and body', async () => {
    const server = await serverUnderTest();
    const faults = async (method: string, path: string, body?: unknown) =>
      (await server.operate(method, path, body)).body.faults.map((fault: { field: string }) => fault.field);
    expect(
      await faults('POST', '/v1/users', {
        name: '',
        login: 'a b',
        password: 'short',
        extension: '0',
        x: 1,
        __y: 2,
      }),
    ).toEqual(['name', 'login', 'password', 'extension', 'x', '__y']);
    expect(await faults('PATCH', '/v1/users/a.b', { name: 7 })).toEqual(['path.id', 'name']);
    expect(await faults('GET', '/v1/users?limit=0&limit=1&x=1&cursor=a&cursor=b')).toEqual([
      'query.limit',
      'query.cursor',
      'query.x',
    ]);
  });

  it('takes no prototype for a field', async () => {
    const server = await serverUnderTest();
    const raw = '{"__proto__":{"name":"x"},"constructor":1,"login":"ada","password":"long enough"}';
    const { status, body } = await server.ask('POST', '/v1/users', { raw, headers: key(server) });
    expect(status).toBe(400);
    expect(body.faults.map((fault: { field: string }) => fault.field)).toEqual(
      expect.arrayContaining(['name', 'constructor']),
    );
  });

  it('tells nothing of the inside', async () => {
    const server = await serverUnderTest();
    await server.running.database.db.schema.dropTable('api_keys').execute();
    const { status, body, text } = await server.operate('GET', '/v1/users');
    expect([status, body.type]).toEqual([500, problem('internal')]);
    expect(text).not.toMatch(/api_keys|table|relation|\.ts|at /i);
    expect(server.log.join()).toContain('api_keys');
  });
});

describe('an operator', () => {
  it.each(['', 'Bearer', 'Bearer ', 'Bearer wrong', 'Bearer a b', 'Basic YTpi', 'Bearer \u00ff'])(
    'is not known by %j',
    async (authorization) => {
      const server = await serverUnderTest();
      const { status, body, headers } = await server.ask('GET', '/v1/users', { headers: { authorization } });
      expect([status, body.type]).toEqual([401, problem('not-authenticated')]);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="handset"');
    },
  );

  it('is not a signed-in person', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/users', { name: 'Ada', login: 'ada', password: 'long enough' });
    const cookie = await server.signIn('ada', 'long enough');
    expect((await server.ask('GET', '/v1/users', { cookie })).status).toBe(401);
    expect((await server.operate('GET', '/v1/phone-config')).status).toBe(401);
  });

  it('keeps no key but its digest, and a new first key ends the old one', async () => {
    const server = await serverUnderTest();
    const { db } = server.running.database;
    await server.operate('GET', '/v1/users');
    const [row] = await db.selectFrom('api_keys').selectAll().execute();
    expect(JSON.stringify(row)).not.toContain(server.config.secrets.apiKey);
    expect(row?.last_used_at).toBeGreaterThan(0);
  });
});

/** What a raw request over TCP gets. */
function raw({ running }: ServerUnderTest, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(running.ports.api, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (piece) => (answer += piece));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('what is not even HTTP', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'malformed-request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'malformed-request',
    ],
    [
      'large headers',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])('%s is answered as a problem', async (_what, text, status, name) => {
    const answer = await raw(await serverUnderTest(), text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(answer).toContain(problem(name));
  });
});

describe('every response', () => {
  it('forbids to store, sniff or frame it, and names its request', async () => {
    const server = await serverUnderTest();
    for (const path of ['/healthz', '/v1/users', '/nothing']) {
      const { headers } = await server.ask('GET', path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });

  it('to HEAD and OPTIONS has no body', async () => {
    const server = await serverUnderTest();
    const head = await server.ask('HEAD', '/healthz');
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await server.ask('OPTIONS', '/v1/users');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
  });
});

describe('health', () => {
  it('is told on both listeners', async () => {
    const server = await serverUnderTest();
    for (const base of [server.api, server.internal]) {
      expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' });
      expect(await (await fetch(`${base}/readyz`)).json()).toEqual({
        status: 'ready',
        gateway: 'disconnected',
      });
    }
  });
});
