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
  /** The record of a call that has ended. */
  readonly recordOf: (id: string) => Promise<CallRecord | undefined>;
  readonly publish: (event: LoggedEvent) => void;
  readonly onError: (error: unknown) => void;
}

/** The gateway writes the record of a call right after it ended: it is looked for this often, in ms. */
const RECORD_AFTER_MS = [0, 50, 100, 200, 400, 800, 1_600] as const;

/** The dialplan's id of a call, on all its channels. The gateway's own (linkedid) changes when calls are joined. */
const CALL_VARIABLE = 'HANDSET_CALL=';

/** So many calls are remembered as told: a call has several channels, and each tells that it is gone. */
const TOLD = 1_000;

/** Makes events of calls of what the gateway tells of its channels; those of one call come in their order. */
export class CallEvents {
  readonly #options: CallEventsOptions;
  /** What was told of each call that is up. */
  readonly #states = new Map<string, 'ringing' | 'answered'>();
  readonly #chains = new Map<string, Promise<void>>();
  /** Calls whose record is looked for; true: one more channel of it has gone meanwhile. */
  readonly #searching = new Map<string, boolean>();
  readonly #ended = new Set<string>();

  constructor(options: CallEventsOptions) {
    this.#options = options;
  }

  /** @param event `DialBegin`, `Newstate` (of a channel that is up) or `Hangup` */
  take(event: AmiMessage): void {
    const id = callOf(event);
    const channel = field(event, 'Channel');
    if (id === '') return;
    switch (field(event, 'Event')) {
      case 'DialBegin':
        this.#then(id, () => this.#tell(channel, 'ringing'));
        return;
      case 'Newstate':
        this.#then(id, () => this.#tell(channel, 'answered'));
        return;
      case 'Hangup':
        // Its record says whether the call has ended with it; another channel may have taken it over.
        if (this.#states.has(id) || field(event, 'Uniqueid') === id) void this.#search(id);
    }
  }

  /** Nothing is known any more: events were lost. */
  forget(): void {
    this.#states.clear();
  }

  #then(id: string, work: () => Promise<void>): void {
    const before = this.#chains.get(id) ?? Promise.resolve();
    const chain = before.then(work).catch(this.#options.onError);
    this.#chains.set(id, chain);
    void chain.then(() => {
      if (this.#chains.get(id) === chain) this.#chains.delete(id);
    });
  }

  async #tell(channel: string, state: 'ringing' | 'answered'): Promise<void> {
    const { callOn, describe, publish } = this.#options;
    const found = await callOn(channel);
    // It is a channel that is called, and not the one that has the call.
    if (!found || found.id === '' || found.direction === '') return;
    const known = this.#states.get(found.id);
    // It may ring several times: one device after the other, one carrier after the other.
    if (known === state || known === 'answered') return;
    const call = { ...(await describe(found)), state };
    this.#states.set(found.id, state);
    publish({ type: `call.${state}`, data: call });
  }

  async #search(id: string): Promise<void> {
    if (this.#ended.has(id)) return;
    if (this.#searching.has(id)) {
      this.#searching.set(id, true);
      return;
    }
    try {
      do this.#searching.set(id, false);
      while (!(await this.#find(id)) && this.#searching.get(id));
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#searching.delete(id);
    }
  }

  async #find(id: string): Promise<boolean> {
    for (const ms of RECORD_AFTER_MS) {
      if (ms > 0) await delay(ms);
      const record = await this.#options.recordOf(id);
      if (!record) continue;
      this.#ended.add(id);
      if (this.#ended.size > TOLD)
        for (const oldest of this.#ended.keys().take(1)) this.#ended.delete(oldest);
      this.#then(id, async () => {
        this.#states.delete(id);
        this.#options.publish({ type: 'call.ended', data: record });
      });
      return true;
    }
    return false;
  }
}

/** The call that a channel is of; a channel that has just begun is of none yet, and gives it its id. */
function callOf(event: AmiMessage): string {
  const named = event.get('chanvariable')?.find((text) => text.startsWith(CALL_VARIABLE));
  return named?.slice(CALL_VARIABLE.length) || field(event, 'Linkedid');
}
