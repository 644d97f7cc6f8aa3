import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import { Problem } from './problem.ts';
import { type Operator, type Person, type RequestFacts, type Route, scopesOf } from './route.ts';
import { refuseOtherSites } from './same-site.ts';
import { allows } from './scopes.ts';

/** Finds out who asks. */
export interface Authenticator {
  operatorOf(apiKey: string): Promise<Operator | undefined>;
  personOf(sessionToken: string): Promise<Person | undefined>;
  phoneOf(phoneToken: string, facts: RequestFacts): Promise<Person | undefined>;
  isGateway(token: string): boolean;
}

export interface AuthOptions {
  readonly authenticator: Authenticator;
  /** The origin that people open. */
  readonly publicOrigin: string;
}

export const SESSION_COOKIE = 'handset_session';
/**
 * The cookie goes to the API alone: the gateway behind the same origin (`/ws`) never sees it.
 */
const SESSION_PATH = '/v1';

/**
 * @returns who asks, for routes that need to know
 * @throws Problem `not-authenticated`, `not-allowed` or `cross-site` where the request lacks what the route asks for
 */
export async function authenticate(
  route: Route,
  request: Request,
  facts: RequestFacts,
  { authenticator, publicOrigin }: AuthOptions,
): Promise<Person | Operator | undefined> {
  const byCookie = route.auth === 'person' || (route.auth === 'phone' && bearer(request) === undefined);
  if (route.sameSiteOnly || byCookie) refuseOtherSites(request, publicOrigin);
  switch (route.auth) {
    case 'none':
      return undefined;
    case 'operator':
      return operatorOf(route, request, { authenticator, publicOrigin });
    case 'gateway':
      if (authenticator.isGateway(bearer(request) ?? '')) return undefined;
      throw noBearer('the internal token');
    case 'phone':
    case 'person': {
      const person = byCookie
        ? await personOf(request, authenticator)
        : await authenticator.phoneOf(bearer(request) ?? '', facts);
      if (person) return person;
      throw new Problem('not-authenticated', 'Please sign in.', {
        headers: { 'WWW-Authenticate': 'Session realm="handset"' },
      });
    }
  }
}

async function operatorOf(route: Route, request: Request, options: AuthOptions): Promise<Operator> {
  const { authenticator, publicOrigin } = options;
  if (request.headers.authorization === undefined) {
    const person = await personOf(request, authenticator);
    if (person?.role === 'admin') {
      refuseOtherSites(request, publicOrigin);
      return { actor: person.actor, scopes: new Set(['admin']) };
    }
  }
  const operator = await authenticator.operatorOf(bearer(request) ?? '');
  if (!operator) throw noBearer('an API key');
  const needed = scopesOf(route);
  if (needed.length > 0 && !needed.some((scope) => allows(operator.scopes, scope))) {
    throw new Problem('not-allowed', `This needs an API key with the scope ${needed.join(' or ')}.`);
  }
  return operator;
}

function personOf(request: Request, authenticator: Authenticator): Promise<Person | undefined> {
  const token = sessionToken(request);
  return token === undefined ? Promise.resolve(undefined) : authenticator.personOf(token);
}

function noBearer(what: string): Problem {
  return new Problem('not-authenticated', `This needs ${what}: Authorization: Bearer …`, {
    headers: { 'WWW-Authenticate': 'Bearer realm="handset"' },
  });
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\w~+/.-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function sessionToken(request: Request): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[SESSION_COOKIE];
}

/** The `Set-Cookie` that signs a browser in until `expires` (ms since the epoch). */
export function sessionCookie(token: string, expires: number, secure: boolean): string {
  return cookie(token, new Date(expires), secure);
}

/** The `Set-Cookie` that makes a browser forget its session. */
export function endedSessionCookie(secure: boolean): string {
  return cookie('', new Date(0), secure);
}

function cookie(value: string, expires: Date, secure: boolean): string {
  const fixed = { path: SESSION_PATH, httpOnly: true, sameSite: 'strict' } as const;
  return stringifySetCookie({ name: SESSION_COOKIE, value, expires, secure, ...fixed });
}
