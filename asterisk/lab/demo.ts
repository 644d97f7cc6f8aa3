import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DemoUser {
  readonly login: string;
  readonly password: string;
  readonly extension: string;
  readonly number: string;
}

/** What other tools may know of a running lab. */
export interface LabDescription {
  readonly url: string;
  readonly apiKey: string;
  readonly users: readonly DemoUser[];
}

const PEOPLE = [
  { login: 'ada', name: 'Ada Lovelace', number: '+12025550150' },
  { login: 'minji', name: '김민지', number: '+12025550151' },
] as const;

export const labFile = (data: string) => join(data, 'lab.json');

/** Where the demo users are made. */
export interface DemoPlace {
  /** Address of the server's public API. */
  readonly api: string;
  /** Address that people open. */
  readonly url: string;
  readonly apiKey: string;
  /** Whether calls go to the simulated carrier, where every number in the world is free of charge. */
  readonly isSimulated: boolean;
}

/**
 * Has the demo users and their numbers made through the API, where they are not there yet, and writes `lab.json`.
 * @returns what that says, and whether there was none before: it is the first start
 */
export async function prepareDemo(
  data: string,
  { api, url, apiKey, isSimulated }: DemoPlace,
): Promise<{ readonly description: LabDescription; readonly isNew: boolean }> {
  const isNew = !existsSync(labFile(data));
  const known = await usersOfLastTime(data);
  const call = operator(api, apiKey);
  // Once: what an operator says later holds.
  if (isNew && isSimulated) await call('PATCH', '/v1/policies/podefault', { allowedCountries: ['all'] });
  const users: DemoUser[] = [];
  for (const person of PEOPLE) {
    const password = known.get(person.login)?.password ?? randomBytes(9).toString('base64url');
    const extension = await ensureUser(call, person, password);
    users.push({ login: person.login, password, extension, number: person.number });
  }
  const description: LabDescription = { url, apiKey, users };
  await writeFile(labFile(data), `${JSON.stringify(description, undefined, 2)}\n`, { mode: 0o600 });
  return { description, isNew };
}

async function usersOfLastTime(data: string): Promise<Map<string, DemoUser>> {
  if (!existsSync(labFile(data))) return new Map();
  const { users }: LabDescription = JSON.parse(await readFile(labFile(data), 'utf8'));
  return new Map(users.map((user) => [user.login, user]));
}

interface User {
  readonly id: string;
  readonly extension: string;
  readonly number: string | null;
}

async function ensureUser(call: Call, person: (typeof PEOPLE)[number], password: string): Promise<string> {
  const { login, name, number } = person;
  const found = await call<{ users: readonly User[] }>('GET', `/v1/users?login=${login}`);
  const user = found.users[0] ?? (await call<User>('POST', '/v1/users', { login, name, password }));
  // The database may have outlived lab.json, and with it the password: what lab.json says holds.
  if (found.users.length > 0) await call('PATCH', `/v1/users/${user.id}`, { password });
  if (user.number === null) {
    await call('POST', '/v1/numbers', { e164: number }, [409]);
    await call('PUT', `/v1/numbers/${encodeURIComponent(number)}/assignment`, { userId: user.id });
  }
  return user.extension;
}

type Call = <T>(method: string, path: string, body?: object, tolerated?: readonly number[]) => Promise<T>;

/** Calls the API as its operator. */
function operator(api: string, apiKey: string): Call {
  return async <T>(method: string, path: string, body?: object, tolerated: readonly number[] = []) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok && !tolerated.includes(response.status))
      throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
    return (answer === '' ? undefined : JSON.parse(answer)) as T;
  };
}
