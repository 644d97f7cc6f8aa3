import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { type Authenticator, authenticate } from './auth.ts';
import { Problem } from './problem.ts';
import type { Reply, RequestFacts, Route } from './route.ts';
import { refuseOtherSites } from './same-site.ts';
import { validate } from './validate.ts';

export interface MountOptions {
  readonly authenticator: Authenticator;
  readonly publicUrl: string;
  /** Whether each reply is held against its declared schema: in tests. */
  readonly checkReplies: boolean;
}

/** Greatest size of a body; nothing here needs more than a few hundred bytes. */
const BODY_LIMIT_BYTES = 64 * 1024;
const USER_AGENT_LENGTH = 400;

/** Adds the routes to an Express application; other methods at their addresses answer 405. */
export function mount(app: Express, routes: readonly Route[], options: MountOptions): void {
  for (const [path, atPath] of Map.groupBy(routes, (route) => route.path)) {
    const expressPath = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const allowed = allowedMethods(atPath);
    for (const route of atPath) app[route.method](expressPath, label(path), handler(route, options));
    app.all(expressPath, label(path), (request, response) => {
      if (request.method === 'OPTIONS') {
        response.status(204).set('Allow', allowed).end();
        return;
      }
      throw new Problem('method-not-allowed', `This address takes ${allowed}.`, {
        headers: { Allow: allowed },
      });
    });
  }
}

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

const readJson = express.json({ limit: BODY_LIMIT_BYTES, inflate: false, type: 'application/json' });

function handler(route: Route, options: MountOptions): RequestHandler {
  return async (request, response) => {
    if (route.sameSiteOnly || route.auth === 'person') refuseOtherSites(request, originOf(options.publicUrl));
    const principal = await authenticate(route.auth, request, options.authenticator);
    const body = route.body === undefined ? undefined : await readBody(request, response);
    const given = validate(route, { params: request.params, query: request.query, body });
    const reply = await route.handle({ ...given, principal, facts: factsOf(request, options) });
    if (options.checkReplies) checkReply(route, reply);
    send(response, route, reply);
  };
}

async function readBody(request: Request, response: Response): Promise<unknown> {
  const empty = request.headers['content-length'] === '0';
  if (!empty && request.is('application/json') === false) {
    throw new Problem('unsupported-media-type', 'The body must be application/json.');
  }
  await new Promise<void>((resolve, reject) =>
    readJson(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error))),
  );
  return request.body;
}

function factsOf(request: Request, { publicUrl }: MountOptions): RequestFacts {
  return {
    address: request.ip ?? '',
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH),
    host: request.host ?? '',
    secure: request.secure || publicUrl.startsWith('https:'),
  };
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function send(response: Response, route: Route, reply: Reply): void {
  response.status(reply.status).set(reply.headers ?? {});
  if (reply.body === undefined) {
    response.end();
    return;
  }
  const contentType = route.responses[reply.status]?.contentType;
  if (contentType === undefined) response.json(reply.body);
  else response.type(contentType).send(reply.body);
}

function checkReply(route: Route, reply: Reply): void {
  const declared = route.responses[reply.status];
  if (declared === undefined) throw new Error(`${route.operationId} answers an undeclared ${reply.status}`);
  if (declared.schema === undefined) {
    if (reply.body !== undefined) throw new Error(`${route.operationId} answers an undeclared body`);
    return;
  }
  declared.schema.parse(reply.body);
}
