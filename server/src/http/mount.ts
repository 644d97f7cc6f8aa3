import { pipeline } from 'node:stream/promises';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Database } from '../db/database.ts';
import { type Authenticator, authenticate } from './auth.ts';
import { bodyReader } from './body.ts';
import { fingerprintOf, type Repeatable, type Transact, transact } from './change.ts';
import { faultyField, Problem } from './problem.ts';
import {
  isRepeatable,
  type Operator,
  type Person,
  type Reply,
  type RequestFacts,
  type Route,
  StreamCut,
} from './route.ts';
import { validate } from './validate.ts';

export interface MountOptions {
  readonly authenticator: Authenticator;
  readonly database: Database;
  readonly publicUrl: string;
  /** Of pages that may embed the phone. */
  readonly embedOrigins: readonly string[];
  /** Keys the digests of requests that have an `Idempotency-Key`. */
  readonly digestSecret: string;
  /** Whether each reply is held against its declared schema: in tests. */
  readonly checkReplies: boolean;
}

const USER_AGENT_LENGTH = 400;
const LAST_EVENT_ID_LENGTH = 100;

/** Adds the routes to an Express application; other methods at their addresses answer 405. */
export function mount(app: Express, routes: readonly Route[], options: MountOptions): void {
  for (const [path, atPath] of Map.groupBy(routes, (route) => route.path)) {
    const expressPath = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const allowed = allowedMethods(atPath);
    for (const route of atPath) app[route.method](expressPath, label(path), handler(route, options));
    app.all(expressPath, label(path), (request, response) => {
      if (request.method === 'OPTIONS') {
        if (atPath.some(({ auth }) => auth === 'phone'))
          response.set({ ...embedding(request, options), ...preflight(atPath) });
        response.status(204).set('Allow', allowed).end();
        return;
      }
      throw new Problem('method-not-allowed', `This address takes ${allowed}.`, {
        headers: { Allow: allowed },
      });
    });
  }
}

/**
 * The pages that may embed the phone may ask with a phone token (CORS). Not with the cookie: browsers show them no such
 * answer, and `refuseOtherSites` gives none.
 */
function embedding(request: Request, { embedOrigins }: MountOptions): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  const isListed = origin !== undefined && embedOrigins.includes(origin);
  return { Vary: 'Origin', ...(isListed && { 'Access-Control-Allow-Origin': origin }) };
}

const preflight = (routes: readonly Route[]) => ({
  'Access-Control-Allow-Methods': routes.map((route) => route.method.toUpperCase()).join(', '),
  'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key',
  'Access-Control-Max-Age': '600',
});

function allowedMethods(routes: readonly Route[]): string {
  const methods = routes.map((route) => route.method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Notes the route's pattern for log and metrics: an address itself would name people and never repeat. */
function label(path: string): RequestHandler {
  return (_request, response, next) => {
    response.locals.route = path;
    next();
  };
}

function handler(route: Route, options: MountOptions): RequestHandler {
  const readBody = bodyReader(route);
  const authOptions = { ...options, publicOrigin: new URL(options.publicUrl).origin };
  return async (request, response) => {
    const facts = factsOf(request, options);
    if (route.auth === 'phone') response.set(embedding(request, options));
    const principal = await authenticate(route, request, facts, authOptions);
    const body = await readBody?.(request, response);
    const given = validate(route, { params: request.params, query: request.query, body });
    const change = principal && transactFor(principal, route, request, options);
    const reply = await route.handle({ ...given, principal, change, facts });
    if (options.checkReplies) checkReply(route, reply);
    await send(response, route, reply);
  };
}

/** @throws Problem naming the header where it is no key */
function transactFor(
  { actor }: Person | Operator,
  route: Route,
  request: Request,
  { database, digestSecret }: MountOptions,
): Transact {
  const key = request.headers['idempotency-key'];
  if (key === undefined || !isRepeatable(route)) return transact(database, actor);
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw faultyField('header.Idempotency-Key', 'must be 1 to 200 visible ASCII characters');
  }
  const repeatable: Repeatable = {
    key,
    fingerprint: fingerprintOf(digestSecret, request.method, request.originalUrl, request.body ?? null),
    keepsReply: route.showsSecret !== true,
  };
  return transact(database, actor, repeatable);
}

function factsOf(request: Request, { publicUrl }: MountOptions): RequestFacts {
  return {
    address: request.ip ?? '',
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH),
    host: request.host ?? '',
    secure: request.secure || publicUrl.startsWith('https:'),
    lastEventId: request.get('last-event-id')?.slice(0, LAST_EVENT_ID_LENGTH),
  };
}

async function send(response: Response, route: Route, reply: Reply): Promise<void> {
  response.status(reply.status).set(reply.headers ?? {});
  if (reply.stream) {
    response.type(route.responses[reply.status]?.contentType ?? 'text/plain');
    await sendStream(response, reply.stream);
    return;
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  const contentType = route.responses[reply.status]?.contentType;
  if (contentType === undefined) response.json(reply.body);
  else response.type(contentType).send(reply.body);
}

/** A client that goes away ends the stream, and is no failure. */
async function sendStream(response: Response, stream: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(stream, response);
  } catch (error) {
    const left = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!left && !(error instanceof StreamCut)) throw error;
  }
}

function checkReply(route: Route, reply: Reply): void {
  const declared = route.responses[reply.status];
  if (declared === undefined) throw new Error(`${route.operationId} answers an undeclared ${reply.status}`);
  if (reply.stream) return;
  if (declared.schema === undefined) {
    if (reply.body !== undefined) throw new Error(`${route.operationId} answers an undeclared body`);
    return;
  }
  declared.schema.parse(reply.body);
}
