import { type CallRecord, CallRecords } from '../call-records/call-records.ts';
import type { Calls } from '../calls/calls.ts';
import type { Database } from '../db/database.ts';
import type { AmiMessage } from '../gateway/ami-protocol.ts';
import type { LiveCall } from '../gateway/calls.ts';
import { randomId } from '../random.ts';
import { CallEvents } from './call-events.ts';
import { EventLog } from './event-log.ts';
import { type RegisteredDevice, RegistrationEvents } from './registration-events.ts';

export interface LiveEventsOptions {
  readonly database: Database;
  readonly calls: Pick<Calls, 'describe'>;
  /** A call by the name of its calling channel. */
  readonly callOn: (channel: string) => Promise<LiveCall | undefined>;
  readonly registered: () => Promise<ReadonlySet<string> | undefined>;
  /** Has the gateway tell of calls, or not any more. */
  readonly listen: (wanted: boolean) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** What happens on the gateway, as events for operators' programs: made only while somebody reads them. */
export class LiveEvents {
  readonly log: EventLog;
  readonly #calls: CallEvents;
  readonly #registrations: RegistrationEvents;

  constructor(options: LiveEventsOptions) {
    const { database, calls, callOn, registered, listen, onError } = options;
    const records = new CallRecords(database);
    this.log = new EventLog({
      epoch: () => randomId('ev'),
      onWanted: async (wanted) => {
        this.#calls.forget();
        const registrations = wanted ? this.#registrations.start() : this.#registrations.stop();
        await Promise.all([listen(wanted), registrations]);
      },
    });
    const publish = this.log.publish.bind(this.log);
    this.#calls = new CallEvents({
      callOn,
      describe: (call) => calls.describe(call),
      recordOf: async (id) => ended(await records.get(id)),
      publish,
      onError,
    });
    this.#registrations = new RegistrationEvents({
      registered,
      describe: (credential) => deviceOf(database, credential),
      publish,
      onError,
    });
  }

  take(event: AmiMessage): void {
    if (this.log.isWanted) this.#calls.take(event);
  }

  /** The gateway is there again; what happened meanwhile nobody knows. */
  async reconnected(): Promise<void> {
    if (!this.log.isWanted) return;
    this.#calls.forget();
    await this.#registrations.start();
    this.log.reset();
  }

  async close(): Promise<void> {
    this.log.close();
    await this.#registrations.stop();
  }
}

/** A transferred call has a record as soon as the phone has left it, and goes on without the phone. */
function ended(record: CallRecord | undefined): CallRecord | undefined {
  return record?.answeredAt !== null && record?.endedAt === null ? undefined : record;
}

/** A browser by its credential; a desk phone has none of the devices. */
async function deviceOf({ db }: Database, credential: string): Promise<RegisteredDevice> {
  const owner = await db
    .selectFrom('credential_owners')
    .select(['user_id', 'device_id'])
    .where('credential', '=', credential)
    .executeTakeFirst();
  const phone =
    owner ??
    (await db.selectFrom('phones').select('user_id').where('id', '=', credential).executeTakeFirst());
  const user =
    phone &&
    (await db
      .selectFrom('users')
      .select(['id', 'name', 'extension'])
      .where('id', '=', phone.user_id)
      .executeTakeFirst());
  return {
    deviceId: owner?.device_id ?? null,
    extension: user?.extension ?? null,
    user: user ? { id: user.id, name: user.name } : null,
  };
}
