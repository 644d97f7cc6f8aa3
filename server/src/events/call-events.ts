import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord } from '../call-records/call-records.ts';
import type { DescribedCall } from '../calls/calls.ts';
import { type AmiMessage, field } from '../gateway/ami-protocol.ts';
import type { LiveCall } from '../gateway/calls.ts';
import type { LoggedEvent } from './event-log.ts';

export interface CallEventsOptions {
  /** A call by the name of its calling channel; `undefined` where it has ended, or the gateway can't be asked. */
  readonly callOn: (channel: string) => Promise<LiveCall | undefined>;
  readonly describe: (call: LiveCall) => Promise<DescribedCall>;
  readonly recordOf: (id: string) => Promise<CallRecord | undefined>;
  readonly publish: (event: LoggedEvent) => void;
  readonly onError: (error: unknown) => void;
}

/** The gateway writes the record of a call right after it ended: it is looked for this often, in ms. */
const RECORD_AFTER_MS = [0, 50, 100, 200, 400, 800, 1_600] as const;

interface Followed {
  /** What was told of it last. */
  state: 'ringing' | 'answered';
  call: DescribedCall;
}

/** Makes events of calls of what the gateway tells of its channels; those of one call come in their order. */
export class CallEvents {
  readonly #options: CallEventsOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #chains = new Map<string, Promise<void>>();

  constructor(options: CallEventsOptions) {
    this.#options = options;
  }

  /** @param event `DialBegin`, `Newstate` (of a channel that is up) or `Hangup` */
  take(event: AmiMessage): void {
    const id = field(event, 'Linkedid');
    if (id === '') return;
    const isCaller = field(event, 'Uniqueid') === id;
    switch (field(event, 'Event')) {
      case 'DialBegin':
        if (isCaller) this.#then(id, () => this.#tell(id, field(event, 'Channel'), 'ringing'));
        return;
      case 'Newstate':
        if (isCaller) this.#then(id, () => this.#tell(id, field(event, 'Channel'), 'answered'));
        return;
      case 'Hangup':
        if (isCaller) this.#then(id, () => this.#ended(id));
    }
  }

  /** Nothing is known any more: events were lost. */
  forget(): void {
    this.#followed.clear();
  }

  #then(id: string, work: () => Promise<void>): void {
    const before = this.#chains.get(id) ?? Promise.resolve();
    const chain = before.then(work).catch(this.#options.onError);
    this.#chains.set(id, chain);
    void chain.then(() => {
      if (this.#chains.get(id) === chain) this.#chains.delete(id);
    });
  }

  async #tell(id: string, channel: string, state: Followed['state']): Promise<void> {
    const { callOn, describe, publish } = this.#options;
    const known = this.#followed.get(id);
    // It may ring several times: one device after the other, one carrier after the other.
    if (known && (known.state === state || known.state === 'answered')) return;
    const found = await callOn(channel);
    if (!found) return;
    const call = { ...(await describe(found)), state };
    this.#followed.set(id, { state, call });
    publish({ type: `call.${state}`, data: call });
  }

  async #ended(id: string): Promise<void> {
    this.#followed.delete(id);
    for (const ms of RECORD_AFTER_MS) {
      if (ms > 0) await delay(ms);
      const record = await this.#options.recordOf(id);
      if (!record) continue;
      this.#options.publish({ type: 'call.ended', data: record });
      return;
    }
  }
}
