import { Call, type CallHost } from './call.ts';
import type { OutgoingWay } from './outgoing-call.ts';
import type { KeptCall } from './ports.ts';

/** A call that an earlier page of this device left behind. It is as that page had it, but for its sound. */
export class ResumedCall extends Call {
  readonly left: KeptCall;

  constructor(left: KeptCall, host: CallHost) {
    const { direction, remote, startedAt, answeredAt, muted, held, merged = false, tones } = left;
    const state = { direction, startedAt, answeredAt, muted, held, merged, tones } as const;
    super(direction, remote, host, { ...state, status: 'established', answering: false, resuming: true });
    this.left = left;
  }

  /** Until this page has it, it is to be found as it was. */
  override get kept(): KeptCall | undefined {
    return this.alive && this.state.resuming === true ? this.left : super.kept;
  }

  /** Goes on with it. The far end hears music until then, so nobody waits for the microphone. */
  async resume(way: Pick<OutgoingWay, 'openMedia' | 'invite'>): Promise<void> {
    if (!this.alive) return;
    const media = way.openMedia();
    this.attachMedia(media);
    // A call on hold is silent from its first moment, though its hold is only agreed on after that.
    if (this.state.held) media.setMuted(true);
    this.attach(way.invite(media, this.legListener));
    await this.speak(media, await this.openMicrophone());
  }

  /** The gateway gives the far end music for a hold that begins in the call, so a hold comes after the call itself. */
  override setHeld(held: boolean): void {
    if (this.state.resuming === true) this.apply({ type: 'held', held });
    else super.setHeld(held);
  }

  override hangUp(): void {
    this.endFor('hung-up-here');
  }
}
