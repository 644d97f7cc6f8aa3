import type { CallStore } from './call-store.ts';
import { mergeable } from './floor.ts';
import type { MergeFault } from './provisioning-port.ts';

/** Calls that become one conversation, or the last ones for which that failed. */
export interface Merge {
  /** `failed`: why stands in `reason`; the calls are as they were. */
  readonly stage: 'merging' | 'failed';
  readonly reason?: MergeFault;
  /** Their ids. */
  readonly calls: readonly string[];
}

/**
 * Conferences: the gateway mixes, each far end stays a call of this phone. The call that has the floor speaks and hears
 * for all of them; the phone keeps the others on hold, which the gateway does not tell their far ends.
 */
export class Merges {
  readonly #calls: CallStore;
  readonly #ask: (sipCallIds: readonly string[]) => Promise<MergeFault | undefined>;
  readonly #onChange: () => void;
  #merge: Merge | undefined;

  /** @param ask has the gateway merge; gives the reason where it did not */
  constructor(
    calls: CallStore,
    ask: (sipCallIds: readonly string[]) => Promise<MergeFault | undefined>,
    onChange: () => void,
  ) {
    this.#calls = calls;
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** The one that is under way, or the last one where it failed. */
  get current(): Merge | undefined {
    return this.#merge;
  }

  /** Brings the call that is spoken in, or the conference, together with the one on hold. */
  async merge(): Promise<void> {
    if (this.#merge?.stage === 'merging') return;
    const calls = mergeable(this.#calls.snapshots, this.#calls.floor).map(({ id }) => id);
    if (calls.length === 0) return;
    this.#set({ stage: 'merging', calls });
    const sipCallIds = calls.map((id) => this.#calls.find(id)?.callId ?? '');
    const reason = await this.#ask(sipCallIds);
    if (reason === undefined) this.#merged(calls);
    this.#set(reason === undefined ? undefined : { stage: 'failed', reason, calls });
  }

  /** Leaves the conference to its other members. */
  leave(): void {
    const merged = this.#calls.list.filter(({ state }) => state.merged);
    // The one with the floor last, or another would be resumed in its place.
    const inOrder = merged.toSorted((a, b) => Number(this.#speaks(a.id)) - Number(this.#speaks(b.id)));
    for (const call of inOrder) call.endFor('left-conference');
  }

  /** Forgets how the last one failed. */
  forget(): void {
    if (this.#merge?.stage === 'failed') this.#set(undefined);
  }

  /** Of calls that are over there is nothing more to say. */
  callsChanged(): void {
    if (this.#merge?.calls.some((id) => this.#calls.find(id)?.alive !== true)) this.forget();
  }

  #speaks(id: string): boolean {
    return this.#calls.floor === id;
  }

  #merged(ids: readonly string[]): void {
    const calls = ids.map((id) => this.#calls.find(id)).filter((call) => call !== undefined);
    const muted = calls.find(({ id }) => this.#speaks(id))?.state.muted;
    for (const call of calls) {
      call.join();
      if (muted !== undefined) call.setMuted(muted);
    }
  }

  #set(merge: Merge | undefined): void {
    this.#merge = merge;
    this.#onChange();
  }
}
