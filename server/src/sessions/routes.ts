import { z } from 'zod';
import { endedSessionCookie, sessionCookie } from '../http/auth.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { loginSchema, selfExample, selfSchema } from '../users/schemas.ts';
import type { Sessions } from './sessions.ts';

const deviceId = 'de1f0c2a9be1d84c7f9a3e6b10';

const sessionSchema = z
  .strictObject({
    user: selfSchema,
    device: z.strictObject({ id: z.string().meta({ example: deviceId }) }),
  })
  .meta({ id: 'Session' });

const session = {
  description: 'Who is signed in, on which device',
  schema: sessionSchema,
  example: { user: selfExample, device: { id: deviceId } },
};

/** Any text: what no password can be is answered as a wrong one, not as a fault. */
const typedPassword = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
  .min(1, 'must not be empty')
  .max(1_000, 'is too long')
  .normalize('NFC')
  .meta({ format: 'password' });

/** @param onRevoked called when a session ended, so that the gateway is told */
export function sessionRoutes(sessions: Sessions, onRevoked: () => void): Route[] {
  return [signIn(sessions), currentSession(sessions), signOut(sessions, onRevoked)];
}

function signIn(sessions: Sessions): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/sessions',
    operationId: 'signIn',
    summary: 'Sign in',
    description: 'Sets the session cookie. After several failures each attempt has to wait longer.',
    tag: 'Sessions',
    auth: 'none',
    sameSiteOnly: true,
    body: z.strictObject({ login: loginSchema, password: typedPassword }),
    bodyExample: { login: 'ada', password: 'correct horse battery' },
    responses: { 201: session },
    problems: ['sign-in-failed', 'too-many-attempts'],
    async handle({ body, facts }) {
      const { session, token, expiresAt } = await sessions.signIn(body.login, body.password, facts);
      const cookie = sessionCookie(token, expiresAt, facts.secure);
      return { status: 201, body: session, headers: { 'Set-Cookie': cookie } };
    },
  });
}

function currentSession(sessions: Sessions): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/sessions/current',
    operationId: 'getSession',
    summary: 'Who is signed in',
    tag: 'Sessions',
    auth: 'person',
    responses: { 200: session },
    handle: async ({ principal }) => ({ status: 200, body: await sessions.get(principal) }),
  });
}

function signOut(sessions: Sessions, onRevoked: () => void): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/sessions/current',
    operationId: 'signOut',
    summary: 'Sign out',
    description: 'Ends the session, its SIP credentials, and within 2 s its contacts and calls.',
    tag: 'Sessions',
    auth: 'person',
    responses: { 204: { description: 'Signed out' } },
    handle: ({ principal, facts, change }) =>
      change(async (work) => {
        if (await sessions.signOut(work, principal)) work.afterCommit(onRevoked);
        return { status: 204, headers: { 'Set-Cookie': endedSessionCookie(facts.secure) } };
      }),
  });
}
