import type { Db } from '../db/database.ts';

type AskCalls = () => Promise<readonly { readonly id: string }[] | undefined>;

/** A lease this young may be of a call that the gateway is just setting up, in ms. */
const SETTLED_MS = 30_000;
const EVERY_MS = 60_000;

/**
 * Ends leases whose call is gone without a record: the gateway was killed, and lost it. Without this they would count
 * until they expire.
 */
export class LeaseKeeper {
  readonly #db: Db;
  readonly #liveCalls: AskCalls;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param liveCalls of the gateway; `undefined` where it can't be asked */
  constructor(db: Db, liveCalls: AskCalls) {
    this.#db = db;
    this.#liveCalls = liveCalls;
  }

  /** @param onError told of a look that failed; the next one follows all the same */
  start(onError: (error: unknown) => void): void {
    this.#timer = setInterval(() => {
      this.#running = this.check().then(() => {}, onError);
    }, EVERY_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** @returns how many leases were ended */
  async check(now = Date.now()): Promise<number> {
    const open = await this.#db
      .selectFrom('leases')
      .select('call_id')
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .where('admitted_at', '<', now - SETTLED_MS)
      .execute();
    if (open.length === 0) return 0;
    // Asked after the leases were read: what is not there now had ended, or was lost.
    const live = await this.#liveCalls();
    if (!live) return 0;
    const ids = new Set(live.map(({ id }) => id));
    const lost = open.map(({ call_id }) => call_id).filter((id) => !ids.has(id));
    if (lost.length === 0) return 0;
    await this.#db
      .updateTable('leases')
      .set({ expires_at: now })
      .where('call_id', 'in', lost)
      .where('ended_at', 'is', null)
      .execute();
    return lost.length;
  }
}
