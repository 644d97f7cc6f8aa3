import {
  type MergeFault,
  type PhoneConfig,
  ProvisioningError,
  type ProvisioningFault,
  type ProvisioningPort,
  type QualityReport,
} from '../call/provisioning-port.ts';
import type { PhoneToken } from './phone-token.ts';

const FAULT_OF_STATUS: Readonly<Record<number, ProvisioningFault>> = {
  400: 'wrong-credentials',
  401: 'wrong-credentials',
  403: 'wrong-credentials',
  429: 'too-many-attempts',
};

const MERGE_FAULT_OF_STATUS: Readonly<Record<number, MergeFault>> = {
  404: 'call-gone',
  409: 'in-two-conferences',
  // The proxy in front finds nobody.
  502: 'unreachable',
  503: 'gateway-unavailable',
};
/** Longer than the server waits for the gateway. */
const MERGE_PATIENCE_MS = 8_000;
/** Browsers may ask over connections from before an outage, which have died without a word: several times, then. */
const LIVE_PATIENCES_MS = [300, 300, 400, 1_000];

export const DEFAULT_API = '/v1';

export interface ClientOptions {
  /** The answer to a first question for the phone's configuration that is under way already. */
  readonly begun?: Promise<Response | undefined> | undefined;
  /** In place of the cookie, on a page of another origin. */
  readonly token?: PhoneToken | undefined;
  readonly fetcher?: typeof fetch;
}

/**
 * The phone's client of the provisioning API (`/v1`). The session is a cookie that scripts can't read; or there is none,
 * and a token in its place.
 */
export class ProvisioningClient implements ProvisioningPort {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  readonly #token: PhoneToken | undefined;
  #begun: Promise<Response | undefined> | undefined;

  /** @param base the API's address, without a slash at its end: `/v1` on the own origin */
  constructor(base = DEFAULT_API, options: ClientOptions = {}) {
    this.#base = base;
    this.#begun = options.begun;
    this.#token = options.token;
    this.#fetch = options.fetcher ?? ((...request) => fetch(...request));
  }

  /** @throws ProvisioningError `wrong-credentials`, `too-many-attempts`, `unreachable`, `server-fault` */
  async signIn(login: string, password: string): Promise<void> {
    const response = await this.#request('/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password }),
    });
    if (!response.ok) throw new ProvisioningError(FAULT_OF_STATUS[response.status] ?? 'server-fault');
  }

  /** @throws ProvisioningError `unreachable`, `server-fault` */
  async signOut(): Promise<void> {
    if (this.#token !== undefined) return;
    const response = await this.#request('/sessions/current', { method: 'DELETE' });
    if (!response.ok && response.status !== 401) throw new ProvisioningError('server-fault');
  }

  /** @throws ProvisioningError `signed-out`, `unreachable`, `server-fault` */
  async phoneConfig(): Promise<PhoneConfig> {
    const response = (await this.#takeBegun()) ?? (await this.#request('/phone-config', {}));
    if (response.status === 401 || response.status === 403) throw new ProvisioningError('signed-out');
    if (!response.ok) throw new ProvisioningError('server-fault');
    return (await response.json()) as PhoneConfig;
  }

  #takeBegun(): Promise<Response | undefined> | undefined {
    const begun = this.#begun;
    this.#begun = undefined;
    return begun && answerOf(begun);
  }

  /** @throws ProvisioningError `signed-out`, `unreachable`, `server-fault` */
  async reportQuality(sipCallId: string, report: QualityReport): Promise<void> {
    const response = await this.#request(`/phone/calls/${encodeURIComponent(sipCallId)}/quality`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(report),
      keepalive: true,
    });
    if (response.status === 401 || response.status === 403) throw new ProvisioningError('signed-out');
    if (!response.ok) throw new ProvisioningError('server-fault');
  }

  async merge(calls: readonly string[]): Promise<MergeFault | undefined> {
    try {
      const { ok, status } = await this.#request('/phone/conferences', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ calls }),
        signal: AbortSignal.timeout(MERGE_PATIENCE_MS),
      });
      return ok ? undefined : (MERGE_FAULT_OF_STATUS[status] ?? 'failed');
    } catch {
      return 'unreachable';
    }
  }

  async isLive(sipCallId: string): Promise<boolean | undefined> {
    for (const patience of LIVE_PATIENCES_MS) {
      const signal = AbortSignal.timeout(patience);
      try {
        const response = await this.#request(`/phone/calls/${encodeURIComponent(sipCallId)}`, { signal });
        const { live } = (await response.json()) as { readonly live?: unknown };
        return response.ok && typeof live === 'boolean' ? live : undefined;
      } catch {
        if (!signal.aborted) return undefined;
      }
    }
    return undefined;
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const ask = (how: RequestInit) =>
      answerOf(this.#fetch(this.#base + path, { ...init, ...how, mode: 'cors' }));
    if (this.#token === undefined) return ask({ credentials: 'include' });
    for (;;) {
      const token = await this.#token.current();
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const response = await ask({ headers, credentials: 'omit' });
      if (response.status !== 401) {
        this.#token.accepted();
        return response;
      }
      this.#token.refused(token);
    }
  }
}

async function answerOf<Answer extends Response | undefined>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (cause) {
    throw new ProvisioningError('unreachable', { cause });
  }
}
