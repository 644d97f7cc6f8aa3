import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import { Problem } from './problem.ts';
import type { Auth, Person } from './route.ts';

/** Finds out who asks. */
export interface Authenticator {
  isOperator(apiKey: string): Promise<boolean>;
  personOf(sessionToken: string): Promise<Person | undefined>;
  isGateway(token: string): boolean;
}

export const SESSION_COOKIE = 'handset_session';
/**
 * The cookie goes to the API alone: the gateway behind the same origin (`/ws`) never sees it.
 */
const SESSION_PATH = '/v1';

/**
 * @returns the signed-in person, for routes that need one
 * @throws Problem `not-authenticated` where the request lacks what the route asks for
 */
export async function authenticate(
  auth: Auth,
  request: Request,
  authenticator: Authenticator,
): Promise<Person | undefined> {
  switch (auth) {
    case 'none':
      return undefined;
    case 'operator':
      return requireBearer(await authenticator.isOperator(bearer(request) ?? ''), 'an API key');
    case 'gateway':
      return requireBearer(authenticator.isGateway(bearer(request) ?? ''), 'the internal token');
    case 'person': {
      const token = sessionToken(request);
      const person = token === undefined ? undefined : await authenticator.personOf(token);
      if (person) return person;
      throw new Problem('not-authenticated', 'Please sign in.', {
        headers: { 'WWW-Authenticate': 'Session realm="handset"' },
      });
    }
  }
}

function requireBearer(known: boolean, what: string): undefined {
  if (known) return undefined;
  throw new Problem('not-authenticated', `This needs ${what}: Authorization: Bearer …`, {
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
