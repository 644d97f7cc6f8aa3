import { setTimeout as delay } from 'node:timers/promises';
import { extensionOf, loginOf, numberOf, PASSWORD } from './fill.ts';
import type { ServerProcess } from './server-process.ts';

const AT_ONCE = 10;

/** Sends a request and reads its answer. @throws Error where it is refused */
async function send(url: string, key: string, method = 'GET', body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const operate = (server: ServerProcess, path: string, method?: string, body?: object) =>
  send(server.api + path, server.apiKey, method, body);

/** Claims numbers, ten requests at a time. @returns how many a second */
export function claimsPerSecond(server: ServerProcess, times: number): Promise<number> {
  return perSecond(times, (i) =>
    operate(server, '/v1/numbers/claim', 'POST', { prefix: `+1${200 + (i % 100)}` }),
  );
}

/** Fetches phone configurations, each with a fresh credential, ten requests at a time. @returns how many a second */
export async function phoneConfigsPerSecond(server: ServerProcess, times: number): Promise<number> {
  const tokens: string[] = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const reply = await operate(server, `/v1/users/us${i}/phone-tokens`, 'POST', {});
    tokens.push((reply as { token: string }).token);
  }
  return perSecond(times, (i) => send(`${server.api}/v1/phone-config`, tokens[i % AT_ONCE] ?? ''));
}

async function perSecond(times: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    for (let i = next++; i < times; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return times / ((performance.now() - began) / 1_000);
}

let calls = 0;

/**
 * Asks for admissions at a steady rate, however long each takes.
 * @param people how many users call, one after the other, from the `first` on
 * @param ended told of each call, to end it
 * @returns how long each took, in ms, and how many came to nothing
 */
export async function admissions(
  server: ServerProcess,
  {
    times,
    perSecond: rate,
    first,
    people,
  }: Readonly<Record<'times' | 'perSecond' | 'first' | 'people', number>>,
  ended: (callId: string) => Promise<unknown>,
): Promise<{ readonly took: readonly number[]; readonly failed: number }> {
  let failed = 0;
  const began = performance.now();
  const one = async (i: number) => {
    await delay(Math.max(0, began + (i * 1_000) / rate - performance.now()));
    const callId = `bench-${process.pid}-${calls++}`;
    // Every second user has a number.
    const question = { callId, extension: extensionOf((2 * (first + i)) % people), dialed: '+12025550101' };
    const asked = performance.now();
    const ask = () => send(`${server.internal}/internal/admissions`, server.internalKey, 'POST', question);
    // As the gateway does: a second time where the first came to nothing.
    const decision = await ask()
      .catch(ask)
      .catch(() => undefined);
    const took = performance.now() - asked;
    if (decision === undefined) failed += 1;
    else if ((decision as { decision: string }).decision !== 'trunk')
      throw new Error(JSON.stringify(decision));
    await ended(callId);
    return took;
  };
  const took = await Promise.all(Array.from({ length: times }, (_, i) => one(i)));
  return { took, failed };
}

/** What operators look up, by name: each finds something, wherever in the list it is. */
export function lookUps(
  count: number,
): Readonly<Record<string, (server: ServerProcess) => Promise<unknown>>> {
  const last = count - 1;
  const query = (path: string) => (server: ServerProcess) => operate(server, path);
  const after = Buffer.from(JSON.stringify([last - 60, `us${last - 60}`])).toString('base64url');
  return {
    'users, first page': query('/v1/users'),
    'users, last page': query(`/v1/users?cursor=${after}`),
    'users by login': query(`/v1/users?login=${loginOf(last)}`),
    'users by part of a name': query(
      `/v1/users?search=${encodeURIComponent(`ing ${last - (last % 5) - 2}`)}`,
    ),
    'numbers, first page': query('/v1/numbers'),
    'numbers by prefix': query(`/v1/numbers?prefix=${encodeURIComponent(numberOf(last).slice(0, 9))}`),
    'numbers by digits': query(`/v1/numbers?digits=${numberOf(last).slice(-8)}`),
    'numbers of a user': query(`/v1/numbers?userId=us${last - 1}`),
    'sign-in': async ({ api }) => {
      const body = JSON.stringify({ login: loginOf(last), password: PASSWORD });
      const headers = { 'content-type': 'application/json' };
      const { status } = await fetch(`${api}/v1/sessions`, { method: 'POST', headers, body });
      if (status !== 201) throw new Error(`sign-in: ${status}`);
    },
  };
}
