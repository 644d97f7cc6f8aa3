import { randomBytes, randomInt } from 'node:crypto';
import type { LabUnderTest } from './lab.global.ts';

/** Somebody with a sign-in, made for one test. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly extension: string;
  /** In E.164 form; empty where they have none. */
  readonly number: string;
}

interface OperatorsCall {
  readonly id: string;
  readonly extension: string;
  readonly startedAt: string;
}

const CONFLICT = 409;

/** What an operator's program does with the API. */
export class Operator {
  readonly #lab: Pick<LabUnderTest, 'url' | 'apiKey'>;

  constructor(lab: Pick<LabUnderTest, 'url' | 'apiKey'>) {
    this.#lab = lab;
  }

  /** Makes a user, with a number unless `number` is false. */
  async addPerson({ name = 'Ada Lovelace', number = true } = {}): Promise<Person> {
    const login = `user-${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('base64url');
    const { id, extension } = await this.#send<{ id: string; extension: string }>('POST', '/v1/users', {
      name,
      login,
      password,
    });
    return { id, name, login, password, extension, number: number ? await this.#assignNumber(id) : '' };
  }

  /** The calls of somebody that are up now, in the order in which they began. */
  async callsOf({ extension }: Person): Promise<readonly OperatorsCall[]> {
    const response = await this.#ask('GET', '/v1/calls');
    const { calls } = (await response.json()) as { calls: readonly OperatorsCall[] };
    const own = calls.filter((call) => call.extension === extension);
    return own.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  /** Has somebody's phone ring, which then calls a number. */
  clickToCall({ id }: Person, to: string): Promise<{ readonly id: string }> {
    return this.#send('POST', '/v1/calls', { userId: id, to });
  }

  /** The records of somebody's calls that have ended, the last one first. */
  async recordsOf({ id }: Person): Promise<readonly object[]> {
    const response = await this.#ask('GET', `/v1/call-records?userId=${id}`);
    return ((await response.json()) as { callRecords: object[] }).callRecords;
  }

  async hangUp(callId: string): Promise<void> {
    await this.#ask('DELETE', `/v1/calls/${callId}`);
  }

  /** Gives somebody calling permissions of their own. */
  async limit({ id }: Person, rules: object): Promise<void> {
    const name = `Of ${id}`;
    const policy = await this.#send<{ id: string }>('POST', '/v1/policies', { name, ...rules });
    await this.#send('PATCH', `/v1/users/${id}`, { policyId: policy.id });
  }

  /** Changes every trunk. */
  async changeTrunks(change: object): Promise<void> {
    const response = await this.#ask('GET', '/v1/trunks');
    const { trunks } = (await response.json()) as { trunks: readonly { id: string }[] };
    for (const { id } of trunks) await this.#send('PATCH', `/v1/trunks/${id}`, change);
  }

  /** Somebody may no longer be a user. */
  async disable({ id }: Person): Promise<void> {
    await this.#send('PATCH', `/v1/users/${id}`, { disabled: true });
  }

  async remove({ id }: Person): Promise<void> {
    await this.#ask('DELETE', `/v1/users/${id}`);
  }

  /** The devices that somebody is signed in on, the last one first. */
  async devicesOf({ id }: Person): Promise<readonly { readonly id: string }[]> {
    const response = await this.#ask('GET', `/v1/users/${id}/devices`);
    const { devices } = (await response.json()) as { devices: readonly { id: string }[] };
    return devices;
  }

  /** Signs somebody out on one device. */
  async revoke({ id }: Person, device: { readonly id: string }): Promise<void> {
    await this.#ask('DELETE', `/v1/users/${id}/devices/${device.id}`);
  }

  /** A token with which another page's phone is somebody's. @param seconds how long it may be used */
  phoneToken({ id }: Person, seconds: number): Promise<{ readonly token: string }> {
    return this.#send('POST', `/v1/users/${id}/phone-tokens`, { seconds });
  }

  async #assignNumber(userId: string): Promise<string> {
    for (;;) {
      const e164 = `+1202556${String(randomInt(10_000)).padStart(4, '0')}`;
      const taken = (await this.#ask('POST', '/v1/numbers', { e164 })).status === CONFLICT;
      if (taken) continue;
      await this.#send('PUT', `/v1/numbers/${encodeURIComponent(e164)}/assignment`, { userId });
      return e164;
    }
  }

  async #send<T>(method: string, path: string, body: object): Promise<T> {
    const response = await this.#ask(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  #ask(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#lab.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#lab.apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
