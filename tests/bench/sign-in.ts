import type { Person } from '../support/operator.ts';

/** @returns the session's cookie, as a `Cookie` header has it */
export async function signInByApi(url: string, { login, password }: Person): Promise<string> {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!response.ok || cookie === undefined) throw new Error(`signing in was answered ${response.status}`);
  return cookie;
}
