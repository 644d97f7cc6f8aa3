import {
  type PhoneConfig,
  ProvisioningError,
  type ProvisioningFault,
  type ProvisioningPort,
} from './provisioning-port.ts';
import type { PhoneSnapshot } from './snapshot.ts';

type SessionSnapshot = Pick<PhoneSnapshot, 'session' | 'fault' | 'user'>;

interface SessionListener {
  changed(): void;
  /** Also called again, with a fresh credential, while signed in. */
  signedIn(config: PhoneConfig): void;
  signedOut(): void;
}

const RETRY_MS = 2_000;
/** A credential is renewed this long before it ends, and a short-lived one in its last quarter. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
/** The longest wait that browsers' timers hold (2³¹ − 1 ms). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Who is signed in on this device, and the credential that follows from it. */
export class PhoneSession {
  readonly #provisioning: ProvisioningPort;
  readonly #listener: SessionListener;
  #state: SessionSnapshot = { session: 'unknown' };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(provisioning: ProvisioningPort, listener: SessionListener) {
    this.#provisioning = provisioning;
    this.#listener = listener;
  }

  get state(): SessionSnapshot {
    return this.#state;
  }

  /** Becomes signed in if the browser still holds a session. A server that is away is asked again. */
  async restore(): Promise<void> {
    const config = await attempt(this.#provisioning.phoneConfig());
    if (typeof config !== 'string') this.#begin(config);
    else if (config === 'signed-out') this.#set({ session: 'signed-out' });
    else {
      this.#set({ session: 'unreachable', fault: config });
      this.#later(() => this.restore(), RETRY_MS);
    }
  }

  async signIn(login: string, password: string): Promise<void> {
    this.#set({ session: 'signing-in' });
    const entered = this.#provisioning.signIn(login, password).then(() => this.#provisioning.phoneConfig());
    const config = await attempt(entered);
    if (typeof config === 'string') this.#set({ session: 'signed-out', fault: config });
    else this.#begin(config);
  }

  /** Fetches a fresh credential; where the session itself is over, says so. */
  async renew(): Promise<void> {
    if (this.#state.session !== 'signed-in') return;
    const config = await attempt(this.#provisioning.phoneConfig());
    if (typeof config !== 'string') this.#begin(config);
    else if (config === 'signed-out') {
      this.#leave('signed-out');
      this.#listener.signedOut();
    } else this.#later(() => this.renew(), RETRY_MS);
  }

  async signOut(): Promise<void> {
    this.#leave();
    // Where the server can't be reached the cookie stays; it is of no use for long.
    await this.#provisioning.signOut().catch(() => undefined);
  }

  #begin(config: PhoneConfig): void {
    this.#set({ session: 'signed-in', user: config.user });
    this.#listener.signedIn(config);
    const life = Date.parse(config.sip.expiresAt) - Date.now();
    const left = life - Math.min(RENEWAL_MARGIN_MS, life / 4);
    if (Number.isFinite(left)) this.#later(() => this.renew(), Math.max(left, RETRY_MS));
  }

  #leave(fault?: ProvisioningFault): void {
    clearTimeout(this.#timer);
    this.#set(fault === undefined ? { session: 'signed-out' } : { session: 'signed-out', fault });
  }

  #later(work: () => Promise<void>, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void work(), Math.min(ms, LONGEST_TIMER_MS));
  }

  #set(state: SessionSnapshot): void {
    this.#state = state;
    this.#listener.changed();
  }
}

/** What the server gave, or why it did not. Faults of our own are not the server's, and pass. */
async function attempt(request: Promise<PhoneConfig>): Promise<PhoneConfig | ProvisioningFault> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ProvisioningError) return error.fault;
    throw error;
  }
}
