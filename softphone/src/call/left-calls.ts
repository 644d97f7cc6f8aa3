import type { CallHost } from './call.ts';
import type { CallStore } from './call-store.ts';
import type { LinePort } from './line-port.ts';
import type { PhonePorts } from './ports.ts';
import { ResumedCall } from './resumed-call.ts';

/** Calls that outlive their page: remembered for the next one, and brought back from the one before. */
export class LeftCalls {
  readonly #ports: Pick<PhonePorts, 'memory' | 'media'>;
  readonly #calls: CallStore;
  readonly #host: CallHost;
  #deviceId: string | undefined;

  constructor(ports: Pick<PhonePorts, 'memory' | 'media'>, calls: CallStore, host: CallHost) {
    this.#ports = ports;
    this.#calls = calls;
    this.#host = host;
  }

  /**
   * What the page before left behind is shown at once, and taken over as soon as the gateway is there.
   * @returns whether it left anything
   */
  bringBack(deviceId: string): boolean {
    this.#deviceId = deviceId;
    const kept = this.#ports.memory.take(deviceId);
    for (const left of kept) {
      const call = new ResumedCall(left, this.#host);
      this.#calls.add(call);
      if (!left.held) this.#calls.giveFloor(call.id);
    }
    return kept.length > 0;
  }

  /** @returns whether there was a call to take over */
  takeOver(line: LinePort): boolean {
    const { media } = this.#ports;
    const resumed = this.#calls.list.filter((call) => call instanceof ResumedCall);
    const left = resumed.filter(({ callId }) => callId === undefined);
    for (const call of left) {
      void call.resume({
        openMedia: () => media.outgoing(call.left.codecs),
        invite: (callMedia, listener) => line.takeOver(call.left, callMedia, listener),
      });
    }
    return left.length > 0;
  }

  /** Remembers the calls as they are now. */
  remember(): void {
    if (this.#deviceId === undefined) return;
    const kept = this.#calls.list.map((call) => call.kept).filter((call) => call !== undefined);
    this.#ports.memory.keep(this.#deviceId, kept);
  }
}
