import { z } from 'zod';

/** A signed-in user with a SIP credential for this one device. */
export interface Subscriber {
  readonly extension: string;
  /** Digest user name. */
  readonly user: string;
  readonly password: string;
  /** Ends the session; the credential goes with it. */
  signOut(): Promise<void>;
}

const LOGIN = 'probe';

/**
 * Makes the probe's user where there is none yet, gives it `password`, and signs in.
 * @param origin the page's origin
 * @throws Error naming the request that was refused
 */
export async function signIn(origin: string, apiKey: string, password: string): Promise<Subscriber> {
  const operator = { authorization: `Bearer ${apiKey}` };
  const found = await call(origin, 'GET', `/v1/users?login=${LOGIN}`, operator);
  const [user] = userList.parse(await found.json()).users;
  if (user === undefined) {
    await call(origin, 'POST', '/v1/users', operator, { login: LOGIN, name: 'Health probe', password });
  } else {
    await call(origin, 'PATCH', `/v1/users/${user.id}`, operator, { password });
  }
  const session = await call(origin, 'POST', '/v1/sessions', {}, { login: LOGIN, password });
  const cookie = session.headers
    .getSetCookie()
    .map((set) => set.split(';', 1)[0])
    .join('; ');
  const config = await call(origin, 'GET', '/v1/phone-config', { cookie });
  const { user: self, sip } = phoneConfig.parse(await config.json());
  return {
    extension: self.extension,
    user: sip.authorizationUser,
    password: sip.password,
    signOut: async () => {
      await call(origin, 'DELETE', '/v1/sessions/current', { cookie });
    },
  };
}

const userList = z.object({ users: z.array(z.object({ id: z.string() })) });
const phoneConfig = z.object({
  user: z.object({ extension: z.string() }),
  sip: z.object({ authorizationUser: z.string(), password: z.string() }),
});

const TIMEOUT_MS = 5_000;

async function call(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Response> {
  const response = await fetch(origin + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return response;
}
