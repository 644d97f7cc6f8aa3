import type { LoggedEvent } from './event-log.ts';

/** A device as events name it. */
export interface RegisteredDevice {
  readonly deviceId: string | null;
  readonly extension: string | null;
  readonly user: { readonly id: string; readonly name: string } | null;
}

export interface RegistrationEventsOptions {
  /** The credentials with a contact on the gateway; `undefined` where it can't be asked. */
  readonly registered: () => Promise<ReadonlySet<string> | undefined>;
  readonly describe: (credential: string) => Promise<RegisteredDevice>;
  readonly publish: (event: LoggedEvent) => void;
  readonly onError: (error: unknown) => void;
}

const LOOK_MS = 1_000;
/** So many contacts are looked at in a second: the gateway takes about 10 µs for each. */
const CONTACTS_A_SECOND = 1_000;

/**
 * Makes events of what differs between two looks at the gateway's contacts. The gateway itself tells nothing of contacts
 * whose endpoints it reads from the database, and nothing at all of one whose time is over.
 */
export class RegistrationEvents {
  readonly #options: RegistrationEventsOptions;
  #known: ReadonlyMap<string, RegisteredDevice> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #running = false;

  constructor(options: RegistrationEventsOptions) {
    this.#options = options;
  }

  /** Begins, or begins anew. @returns resolves once no change is missed any more */
  async start(): Promise<void> {
    await this.stop();
    this.#running = true;
    await this.#look();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#known = undefined;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #look(): Promise<void> {
    this.#looking = this.#compare()
      .catch(this.#options.onError)
      .then(() => {
        const ms = Math.max(LOOK_MS, ((this.#known?.size ?? 0) / CONTACTS_A_SECOND) * 1_000);
        if (this.#running) this.#timer = setTimeout(() => void this.#look(), ms);
      });
    return this.#looking;
  }

  async #compare(): Promise<void> {
    const credentials = await this.#options.registered();
    const before = this.#known;
    if (!credentials || !this.#running) return;
    const now = new Map<string, RegisteredDevice>();
    for (const credential of credentials) {
      now.set(credential, before?.get(credential) ?? (await this.#options.describe(credential)));
    }
    this.#known = now;
    // The first look tells what is, not what happened.
    if (!before) return;
    this.#tell('device.unregistered', before, now);
    this.#tell('device.registered', now, before);
  }

  /** Tells of the devices that one has and the other lacks: a device with a new credential is the same. */
  #tell(
    type: string,
    here: ReadonlyMap<string, RegisteredDevice>,
    there: ReadonlyMap<string, RegisteredDevice>,
  ): void {
    const known = devicesOf(there);
    for (const [key, data] of devicesOf(here)) {
      if (!known.has(key)) this.#options.publish({ type, data });
    }
  }
}

function devicesOf(registered: ReadonlyMap<string, RegisteredDevice>): ReadonlyMap<string, RegisteredDevice> {
  return new Map([...registered].map(([credential, device]) => [device.deviceId ?? credential, device]));
}
