import { hostContact } from '@handset/gateway-config';
import type { Database } from '../db/database.ts';
import { AmiError } from '../gateway/ami.ts';
import type { HostHealth } from '../gateway/trunks.ts';
import type { Logger } from '../log.ts';
import { refreshAddresses } from './follow.ts';
import type { Addresses } from './resolver.ts';
import { loadTrunks } from './stored.ts';

/** The gateway, as far as keeping the trunks needs it; each throws AmiError where it can't be asked. */
export interface TrunkGateway {
  readonly isConnected: boolean;
  reload(): Promise<void>;
  hostHealth(trunkId: string, contact: string): Promise<HostHealth>;
}

/** How often the gateway is asked how hosts answered their OPTIONS, in ms. */
const HEALTH_EVERY_MS = 2_000;
/** How often the names of hosts are looked up, in ms. */
const NAMES_EVERY_MS = 300_000;
const RETRY_MS = 1_000;

/**
 * Keeps gateway and trunks together: has the gateway read the trunks after a change, and each time it is there again
 * (something may have changed meanwhile); knows which hosts answer; looks up names anew.
 */
export class TrunkKeeper {
  readonly #database: Database;
  readonly #gateway: TrunkGateway;
  readonly #log: Logger;
  readonly #domain: string;
  readonly #resolve: Addresses;
  #silent: ReadonlySet<string> = new Set();
  #isStale = false;
  #reloading: Promise<void> | undefined;
  #asking: Promise<unknown> | undefined;
  #looking: Promise<unknown> = Promise.resolve();
  #timers: NodeJS.Timeout[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    database: Database,
    gateway: TrunkGateway,
    log: Logger,
    { domain, resolve }: { domain: string; resolve: Addresses },
  ) {
    this.#database = database;
    this.#gateway = gateway;
    this.#log = log;
    this.#domain = domain;
    this.#resolve = resolve;
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#askHealth(), HEALTH_EVERY_MS),
      setInterval(() => this.#lookUp(), NAMES_EVERY_MS),
    ];
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#retry);
    await Promise.all([this.#reloading, this.#asking, this.#looking]);
  }

  /** Whether a host left its last OPTIONS unanswered. */
  readonly isSilent = (trunkId: string, contact: string): boolean =>
    this.#silent.has(`${trunkId} ${contact}`);

  /** To be called after a change of trunks, and when the gateway is there again. */
  readonly changed = (): void => {
    this.#isStale = true;
    if (this.#closed || this.#reloading || !this.#gateway.isConnected) return;
    this.#isStale = false;
    clearTimeout(this.#retry);
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = undefined;
      if (this.#isStale && this.#retry === undefined) this.changed();
    });
  };

  async #reload(): Promise<void> {
    try {
      await this.#gateway.reload();
      this.#retry = undefined;
      this.#log.info('Gateway has read the trunks');
    } catch (err) {
      this.#isStale = true;
      this.#log.warn({ err }, 'Gateway did not read the trunks; trying again');
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.changed();
      }, RETRY_MS);
    }
  }

  #askHealth(): void {
    if (!this.#gateway.isConnected || this.#asking !== undefined) return;
    this.#asking = this.#findSilent()
      .catch((err: unknown) => {
        if (!(err instanceof AmiError)) this.#log.warn({ err }, 'Health of trunks not known');
      })
      .finally(() => {
        this.#asking = undefined;
      });
  }

  async #findSilent(): Promise<void> {
    const trunks = await loadTrunks(this.#database.db);
    const asked = trunks.filter(({ settings }) => settings.enabled && settings.optionsIntervalSeconds > 0);
    const silent = new Set<string>();
    for (const { row, settings } of asked) {
      for (const host of settings.hosts) {
        const contact = hostContact(host, settings.transport);
        const { health } = await this.#gateway.hostHealth(row.id, contact);
        if (health === 'silent') silent.add(`${row.id} ${contact}`);
      }
    }
    this.#tell(silent);
    this.#silent = silent;
  }

  #tell(silent: ReadonlySet<string>): void {
    for (const host of silent.difference(this.#silent)) this.#log.warn({ host }, 'Trunk does not answer');
    for (const host of this.#silent.difference(silent)) this.#log.info({ host }, 'Trunk answers again');
  }

  #lookUp(): void {
    this.#looking = refreshAddresses(this.#database, this.#domain, this.#resolve).then(
      (hasChanged) => hasChanged && this.changed(),
      (err: unknown) => this.#log.warn({ err }, 'Names of trunks not looked up'),
    );
  }
}
