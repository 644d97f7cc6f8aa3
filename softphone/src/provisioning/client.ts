import {
  type PhoneConfig,
  ProvisioningError,
  type ProvisioningFault,
  type ProvisioningPort,
  type QualityReport,
} from '../call/ports.ts';

const FAULT_OF_STATUS: Readonly<Record<number, ProvisioningFault>> = {
  400: 'wrong-credentials',
  401: 'wrong-credentials',
  403: 'wrong-credentials',
  429: 'too-many-attempts',
};

export const DEFAULT_API = '/v1';

/** The phone's client of the provisioning API (`/v1`). The session is a cookie that scripts can't read. */
export class ProvisioningClient implements ProvisioningPort {
  readonly #base: string;
  readonly #fetch: typeof fetch;
  #begun: Promise<Response | undefined> | undefined;

  /**
   * @param base the API's address, without a slash at its end: `/v1` on the own origin
   * @param begun the answer to a first question for the phone's configuration that is under way already
   */
  constructor(
    base = DEFAULT_API,
    begun?: Promise<Response | undefined>,
    fetcher: typeof fetch = (...request) => fetch(...request),
  ) {
    this.#base = base;
    this.#begun = begun;
    this.#fetch = fetcher;
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

  #request(path: string, init: RequestInit): Promise<Response> {
    return answerOf(this.#fetch(this.#base + path, { ...init, mode: 'cors', credentials: 'include' }));
  }
}

async function answerOf<Answer extends Response | undefined>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (cause) {
    throw new ProvisioningError('unreachable', { cause });
  }
}
