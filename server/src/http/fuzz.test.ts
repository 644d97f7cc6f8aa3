import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { fromSchema } from '../testing/from-schema.ts';
import { routesOf } from '../testing/routes-of.ts';
import { addUser, request, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { problemSchema } from './problem.ts';
import type { Route } from './route.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u0000', '\ud800', '\n', '"', "'", ';', '%', '\\', '\u202e', 'a', '1'),
  }),
  fc.constantFrom(
    'ada',
    '+12025550150',
    '1001',
    'us0',
    '',
    ' ',
    "' or 1=1 --",
    '𝒜'.repeat(300),
    'x'.repeat(2_000),
  ),
);
const hostile = fc.oneof({ weight: 3, arbitrary: text }, fc.jsonValue());

/** Values that mean something here, beside those that the schemas allow: so that requests meet each other's. */
const e164 = fc.nat(60).map((n) => `+1202555${String(n).padStart(4, '0')}`);
const meaningful: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  login: fc.nat(60).map((n) => `user${n}`),
  extension: fc.integer({ min: 2_000, max: 2_060 }).map(String),
  e164,
  policyId: fc.constantFrom(null, 'podefault'),
  prefix: fc.constantFrom('+1', '+1202555'),
  allowedCountries: fc.subarray(['home', 'all', 'GB']),
  deniedCountries: fc.subarray(['home', 'GB']),
  allowedPrefixes: fc.subarray(['+1', '+44']),
  deniedPrefixes: fc.subarray(['+1202', '+44']),
  premiumPrefixes: fc.subarray(['+1900']),
  // Names would be looked up in the DNS.
  host: fc.constantFrom('192.0.2.1', '198.51.100.7'),
};

/** What fits, but for one field. */
const nearly = (fitting: fc.Arbitrary<unknown>) =>
  fc.tuple(fitting, fc.nat(20), hostile).map(([given, which, instead]) => {
    const fields = Object.entries(given ?? {});
    const [name = 'unknown'] = fields[which] ?? [];
    return Object.fromEntries([...fields, [name, instead]]);
  });

function bodyOf({ body, textBody }: Route): fc.Arbitrary<string | undefined> {
  const fitting = textBody
    ? fc.constantFrom(...Object.values(textBody.types))
    : fromSchema(body ?? z.object({}), meaningful).map((value) => JSON.stringify(value));
  const broken = nearly(fromSchema(body ?? z.object({}), meaningful)).map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 6, arbitrary: fitting },
    { weight: 3, arbitrary: broken },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    fc.constant(undefined),
  );
}

/** Fields of a path or a query, as text. */
function fieldsOf(schema: z.ZodType | undefined): fc.Arbitrary<Record<string, string>> {
  const fitting = fromSchema(schema ?? z.object({}), meaningful);
  return fc
    .oneof({ weight: 3, arbitrary: fitting }, nearly(fitting))
    .map((given) =>
      Object.fromEntries(
        Object.entries(given ?? {}).map(([name, field]) => [
          name,
          typeof field === 'string' ? field : (JSON.stringify(field) ?? ''),
        ]),
      ),
    );
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Requests of this route, made from its schemas; some by another method. */
const requestOf = (route: Route) =>
  fc.record({
    path: fc.constant(route.path),
    inPath: fieldsOf(route.params),
    // Instead of the first field of the path: something that a reply has named.
    id: fc.option(fc.nat()),
    query: fieldsOf(route.query),
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constant(route.method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom(...methods) },
    ),
    repeat: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.nat(99).map((n) => `key-${n}`) },
      fc.constant('a b'),
    ),
    type: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom(...Object.keys(route.textBody?.types ?? { 'application/json': '' })),
      },
      fc.constantFrom('application/json; charset=utf-8', 'text/plain', 'application/jsonx'),
    ),
    raw: bodyOf(route),
    from: fc.ipV4(),
    as: fc.oneof(
      { weight: 4, arbitrary: fc.constant(RIGHTFUL[route.auth]) },
      fc.constantFrom('nobody', 'operator', 'person', 'gateway'),
    ),
  });
type AnyRequest = ReturnType<typeof requestOf> extends fc.Arbitrary<infer R> ? R : never;

const RIGHTFUL = {
  none: 'nobody',
  operator: 'operator',
  person: 'person',
  phone: 'person',
  gateway: 'gateway',
} as const satisfies Record<Route['auth'], string>;

/** Somebody who sends requests, and remembers what the replies name. */
class Sender {
  readonly #server: ServerUnderTest;
  readonly #ids: string[] = [];
  #cookie = '';
  #people = 0;

  constructor(server: ServerUnderTest) {
    this.#server = server;
  }

  /** Sees to it that somebody is signed in: the requests sign them out, disable and delete them. */
  async signIn(): Promise<void> {
    const now = await this.#server.ask('GET', '/v1/sessions/current', { cookie: this.#cookie });
    if (now.status === 200) return;
    const { login, password } = await addUser(this.#server, `person${this.#people++}`);
    this.#cookie = await this.#server.signIn(login, password);
  }

  async send(given: AnyRequest) {
    const { config, api, internal } = this.#server;
    const query = new URLSearchParams(given.query).toString();
    const path = `${this.#path(given)}${query && `?${query}`}`;
    const { apiKey } = config.secrets;
    const token = { operator: apiKey, gateway: config.secrets.internal, nobody: '', person: '' }[given.as];
    const raw = given.method === 'GET' ? undefined : given.raw;
    const base = given.path.startsWith('/internal') ? internal : api;
    const answer = await request(base + path, given.method, {
      ...(raw !== undefined && { raw }),
      ...(given.as === 'person' && { cookie: this.#cookie }),
      headers: {
        'content-type': given.type,
        // Not all from one address: too many sign-ins from one are refused.
        'x-forwarded-for': given.from,
        ...(given.repeat !== undefined && { 'idempotency-key': given.repeat }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      withinMs: HANGS_AFTER_MS,
    });
    const id: unknown = answer.body?.id ?? answer.body?.e164;
    if (typeof id === 'string') this.#ids.push(id);
    return answer;
  }

  #path({ path, inPath, id }: AnyRequest): string {
    const known = id === null ? undefined : this.#ids[id % Math.max(1, this.#ids.length)];
    let first = known;
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = first ?? inPath[name] ?? '-';
      first = undefined;
      return encodeURIComponent(value.toWellFormed()) || '-';
    });
  }
}

/** What a schema says of a fault where nobody has found better words. */
const WORDS_OF_ZOD = /^(Invalid|Too (big|small)|Unrecognized)/;
/** Nothing here takes longer than a password's hash; the machine may be busy. */
const HANGS_AFTER_MS = 30_000;
const AT_ONCE = 20;
/** 10,000 requests. */
const ROUNDS = 500;

describe('any request at all', () => {
  it('is answered, and never by a fault of the server', async () => {
    const gateway = await fakeGateway('a secret of the manager interface, long');
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: gateway.secret });
    await server.gatewayConnected();
    const sender = new Sender(server);
    const { api, internal } = routesOf(server);
    const anyRequest = fc.oneof(...[...api, ...internal].map(requestOf));
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (requests) => {
        await sender.signIn();
        for (const { status, body, headers } of await Promise.all(
          requests.map((each) => sender.send(each)),
        )) {
          seen.set(status, (seen.get(status) ?? 0) + 1);
          if (status < 400) continue;
          expect(status, JSON.stringify(body)).toBeLessThan(500);
          expect(headers.get('content-type')).toBe('application/problem+json');
          expect(problemSchema.parse(body)).toEqual(body);
          for (const { message } of body.faults ?? []) expect(message).not.toMatch(WORDS_OF_ZOD);
        }
      }),
      // To make a failing round smaller takes minutes, in which nobody learns of it.
      { numRuns: ROUNDS, endOnFailure: true },
    );
    // Proof that the requests reached more than the door.
    for (const status of [200, 201, 204, 400, 401, 404, 405, 409, 415])
      expect([...seen.keys()]).toContain(status);
    expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }, 300_000);
});
