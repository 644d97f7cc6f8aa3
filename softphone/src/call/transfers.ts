import type { Call } from './call.ts';
import type { CallStore } from './call-store.ts';
import type { EndReason } from './end-reason.ts';

/**
 * A call that is being handed on. Both are calls of this phone, so that whoever transfers has asked for the second one
 * and answers for it.
 *
 * ```
 *   asking ──complete──► waiting ──the target answers──► joining ──► (both calls have left)
 *      └────────complete, the target has answered ──────────▲  │
 *   asking, waiting ── the target comes to nothing ──► failed ◄┘ the gateway could not
 * ```
 * Whenever it comes to nothing, or is cancelled, the person has the first call back.
 */
export interface Transfer {
  /**
   * - `asking`: the person speaks with the target, or is about to
   * - `waiting`: to be completed as soon as the target answers
   * - `joining`: the gateway has been asked to join the two far ends
   * - `failed`: why stands in `reason`
   */
  readonly stage: 'asking' | 'waiting' | 'joining' | 'failed';
  /** Id of the call that is handed on. */
  readonly call: string;
  /** Id of the call with the one who is to have it. */
  readonly target: string;
  readonly reason?: EndReason;
}

/** What the person here did to the target: there is nothing to be said of it. */
const OWN_ENDS: readonly (EndReason | undefined)[] = ['hung-up-here', 'cancelled', 'signed-out'];

/** Hands calls on: one at a time. */
export class Transfers {
  readonly #calls: CallStore;
  readonly #onChange: () => void;
  #transfer: Transfer | undefined;

  constructor(calls: CallStore, onChange: () => void) {
    this.#calls = calls;
    this.#onChange = onChange;
  }

  /** The one that is under way, or the last one where it failed. */
  get current(): Transfer | undefined {
    return this.#transfer;
  }

  /**
   * Begins where there is a target, and a call that is answered and in no conference.
   * @param stage `waiting` where the person does not want to speak with the target first
   * @returns the target
   */
  begin(id: string, target: Call | undefined, stage: 'asking' | 'waiting'): Call | undefined {
    const state = this.#calls.find(id)?.state;
    if (target === undefined || state?.status !== 'established' || state.merged) return target;
    // Nothing of what is said here is meant for a target that is not asked.
    if (stage === 'waiting') target.setMuted(true);
    this.#set({ stage, call: id, target: target.id });
    this.callsChanged();
    return target;
  }

  /** Joins the two as soon as the target has answered. */
  complete(): void {
    if (this.#transfer?.stage !== 'asking') return;
    this.#set({ ...this.#transfer, stage: 'waiting' });
    this.callsChanged();
  }

  /** Ends the call with the target; the person has the first one back. */
  cancel(): void {
    const transfer = this.#transfer;
    if (transfer?.stage !== 'asking' && transfer?.stage !== 'waiting') return;
    this.#calls.find(transfer.target)?.hangUp();
    this.callsChanged();
  }

  /** Forgets how the last one failed. */
  forget(): void {
    if (this.#transfer?.stage === 'failed') this.#set(undefined);
  }

  callsChanged(): void {
    const transfer = this.#transfer;
    if (transfer === undefined || transfer.stage === 'failed') return;
    const call = this.#calls.find(transfer.call);
    const target = this.#calls.find(transfer.target);
    if (call === undefined || !call.alive) {
      this.#set(undefined);
      // Rung up for somebody who has left.
      if (transfer.stage === 'waiting') target?.hangUp();
      return;
    }
    if (transfer.stage === 'joining') return;
    if (target === undefined || !target.alive) this.#giveBack(transfer, target?.state.endReason);
    else if (transfer.stage === 'waiting' && target.state.status === 'established') void this.#join(transfer);
  }

  #giveBack(transfer: Transfer, reason: EndReason | undefined): void {
    if (OWN_ENDS.includes(reason)) this.#set(undefined);
    else this.#set({ ...transfer, stage: 'failed', reason: reason ?? 'failed' });
    this.#calls.resume(transfer.call);
  }

  async #join(transfer: Transfer): Promise<void> {
    const call = this.#calls.find(transfer.call);
    const target = this.#calls.find(transfer.target);
    if (call === undefined || target === undefined) return;
    this.#set({ ...transfer, stage: 'joining' });
    call.handOver(true);
    target.handOver(true);
    const reason = await call.joinWith(target);
    if (reason === undefined) {
      call.endFor('transferred');
      target.endFor('transferred');
      this.#set(undefined);
      return;
    }
    call.handOver(false);
    target.handOver(false);
    // Unless both have left meanwhile, without a word about it: then they are joined.
    if (!call.alive) return;
    target.setMuted(false);
    this.#giveBack(transfer, reason);
  }

  #set(transfer: Transfer | undefined): void {
    this.#transfer = transfer;
    this.#onChange();
  }
}
