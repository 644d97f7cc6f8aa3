import type { Db } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { AmiError } from './ami.ts';
import type { Ended } from './live.ts';

/** The gateway, as far as revoking needs it. */
export interface LiveGateway {
  readonly isConnected: boolean;
  /** @throws AmiError */
  endLive(credentials: ReadonlySet<string>): Promise<Ended>;
}

/**
 * A request that the gateway had authenticated just before the revocation may still add its contact or channel
 * just after. So the gateway is looked at a second time this long after the revocation, in ms.
 */
const SETTLED_MS = 1_000;
const RETRY_MS = 1_000;

/**
 * Tells the gateway of revoked credentials. What is to be told is kept in the table `revocations`, written in
 * the transaction that revokes, and goes from there only when it is done: it survives a gateway that is down
 * and a restart of this process.
 */
export class Revoker {
  readonly #db: Db;
  readonly #gateway: LiveGateway;
  readonly #log: Logger;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(db: Db, gateway: LiveGateway, log: Logger) {
    this.#db = db;
    this.#gateway = gateway;
    this.#log = log;
  }

  /** Looks for what is to be told, now; to be called after a revocation, and when the gateway is there again. */
  wake(): void {
    if (this.#closed) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      const open = await this.#sweep();
      if (open) this.#wakeIn(SETTLED_MS);
    } catch (err) {
      const lost = err instanceof AmiError;
      this.#log.warn(
        { err },
        lost ? 'Gateway did not end what was revoked; trying again' : 'Revoking failed',
      );
      this.#wakeIn(RETRY_MS);
    }
  }

  /** @returns whether to look again soon */
  async #sweep(): Promise<boolean> {
    const now = Date.now();
    const pending = await this.#db
      .selectFrom('revocations')
      .select(['credential_id', 'revoked_at'])
      .execute();
    if (pending.length === 0) return false;
    if (!this.#gateway.isConnected) {
      // The credentials are refused already: the gateway reads the database. Contacts and calls end later.
      this.#log.warn(
        { waiting: pending.length },
        'Gateway not connected: ending contacts and calls has to wait',
      );
      return false;
    }
    const ended = await this.#gateway.endLive(new Set(pending.map((row) => row.credential_id)));
    if (ended.contacts + ended.calls > 0) this.#log.info(ended, 'Ended what was revoked');
    const settled = pending
      .filter((row) => now - row.revoked_at >= SETTLED_MS)
      .map((row) => row.credential_id);
    if (settled.length > 0) {
      await this.#db.deleteFrom('revocations').where('credential_id', 'in', settled).execute();
    }
    return settled.length < pending.length;
  }

  #wakeIn(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), ms);
  }
}
