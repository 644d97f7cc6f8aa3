import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeGateway } from '../testing/fake-gateway.ts';
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
const value = fc.oneof({ weight: 3, arbitrary: text }, fc.jsonValue());

/** Values that are taken, so that requests get behind the validation. */
const e164 = fc.nat(999).map((n) => `+1202555${String(n).padStart(4, '0')}`);
const valid: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  login: fc.nat(500).map((n) => `user${n}`),
  password: fc.string({ minLength: 8, maxLength: 20 }),
  extension: fc.integer({ min: 2_000, max: 2_500 }).map(String),
  e164,
  role: fc.constantFrom('admin', 'user'),
  policyId: fc.constantFrom(null, 'podefault'),
  disabled: fc.boolean(),
  prefix: fc.constantFrom('+1', '+1202555'),
  seconds: fc.integer({ min: 1, max: 100 }),
  reservedFor: fc.constantFrom('a', 'b'),
  scopes: fc.subarray(['users:read', 'numbers:write'], { minLength: 1 }),
  pricePerMinute: fc.constantFrom('0.01', '1'),
  spendPerDay: fc.constantFrom(null, '10'),
  concurrentCalls: fc.constantFrom(null, 0, 5),
  callsPerMinute: fc.constantFrom(null, 1),
  minutesPerDay: fc.constantFrom(null, 1),
  maxCallMinutes: fc.constantFrom(1, 240),
  allowedCountries: fc.subarray(['home', 'all', 'GB']),
  deniedCountries: fc.subarray(['home', 'GB']),
  allowedPrefixes: fc.subarray(['+1', '+44']),
  deniedPrefixes: fc.subarray(['+1202', '+44']),
  premiumPrefixes: fc.subarray(['+1900']),
  emergencyNumbers: fc.subarray(['112', '911']),
};

const fieldOf = (name: string) => {
  const right = valid[name];
  return right ? fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: value }) : value;
};

const anyBody = (fields: readonly string[]) => {
  const record = Object.fromEntries(fields.map((name) => [name, fieldOf(name)]));
  const fitting = fc.oneof(fc.record(record), fc.record(record, { requiredKeys: [] }));
  return fc.oneof(
    { weight: 6, arbitrary: fitting.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    fc.constant(undefined),
  );
};

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The fields that a route's own schema names. */
function fieldsOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Requests of this route, made from its schemas; some by another method. */
const requestOf = ({ path, method, body, query }: Route) =>
  fc.record({
    path: fc.constant(path),
    inPath: fc.oneof({ weight: 2, arbitrary: text }, e164, fc.constantFrom('podefault', '+1202')),
    query: fc.option(fc.dictionary(fc.constantFrom(...fieldsOf(query), 'x'), text, { maxKeys: 3 }), {
      nil: {},
    }),
    method: fc.oneof(
      { weight: 4, arbitrary: fc.constant(method.toUpperCase()) },
      { weight: 1, arbitrary: fc.constantFrom(...methods) },
    ),
    repeat: fc.option(fc.constantFrom('k1', 'k2', 'a b'), { nil: undefined, freq: 5 }),
    type: fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/jsonx',
    ),
    raw: anyBody(fieldsOf(body)),
    as: fc.constantFrom('nobody', 'operator', 'operator', 'person', 'gateway'),
  });
type AnyRequest = ReturnType<typeof requestOf> extends fc.Arbitrary<infer R> ? R : never;

/** Sends it. @returns status and body */
async function send(server: ServerUnderTest, cookie: string, given: AnyRequest) {
  const { secrets } = server.config;
  const query = new URLSearchParams(given.query).toString();
  const inPath = encodeURIComponent(given.inPath.toWellFormed()) || '-';
  const path = `${given.path.replace(/\{\w+\}/, inPath)}${query && `?${query}`}`;
  const token = { operator: secrets.apiKey, gateway: secrets.internal, nobody: '', person: '' }[given.as];
  const raw = given.method === 'GET' ? undefined : given.raw;
  const base = given.path.startsWith('/internal') ? server.internal : server.api;
  return request(base + path, given.method, {
    ...(raw !== undefined && { raw }),
    ...(given.as === 'person' && { cookie }),
    headers: {
      'content-type': given.type,
      ...(given.repeat !== undefined && { 'idempotency-key': given.repeat }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
  });
}

describe('any request at all', () => {
  it('is answered, and never by a fault of the server', async () => {
    const gateway = await fakeGateway('a secret of the manager interface, long');
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: gateway.secret });
    await server.gatewayConnected();
    const user = await addUser(server, 'ada', '+12025550150');
    let cookie = await server.signIn('ada', user.password);
    const { api, internal } = routesOf(server);
    const anyRequest = fc.constantFrom(...api, ...internal).chain(requestOf);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(anyRequest, async (given) => {
        const { status, body, headers } = await send(server, cookie, given);
        seen.add(status);
        expect(status).toBeLessThan(500);
        if (status >= 400) {
          expect(headers.get('content-type')).toBe('application/problem+json');
          expect(problemSchema.parse(body)).toEqual(body);
        }
        if (given.as === 'person' && given.method === 'DELETE')
          cookie = await server.signIn('ada', user.password);
      }),
      { numRuns: 3_000 },
    );
    // Proof that the requests reached more than the door.
    for (const status of [200, 201, 400, 401, 404, 405, 415]) expect(seen).toContain(status);
    expect(server.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }, 120_000);
});
