import { Call, type CallHost } from './call.ts';
import type { OutgoingWay } from './outgoing-call.ts';
import type { KeptCall } from './ports.ts';

/** A call that an earlier page of this device left behind. It is as that page had it, but for its sound. */
export class ResumedCall extends Call {
  readonly left: KeptCall;

  constructor(left: KeptCall, host: CallHost) {
    const { direction, remote, startedAt, answeredAt, muted, held, tones } = left;
    const state = { direction, startedAt, answeredAt, muted, held, tones } as const;
    super(direction, remote, host, { ...state, status: 'established', answering: false, resuming: true });
    this.left = left;
  }

  /** Until this page has it, it is to be found as it was. */
  override get kept(): KeptCall | undefined {
    return this.alive && this.state.resuming === true ? this.left : super.kept;
  }

  /** Goes on with it. The far end hears music until then: nobody waits for the microphone. */
  async resume(way: Pick<OutgoingWay, 'openMedia' | 'invite'>): Promise<void> {
    if (!this.alive) return;
    const media = way.openMedia();
    this.attachMedia(media);
    if (this.state.held) media.setHeld(true);
    this.attach(way.invite(media, this.legListener));
    await this.speak(media, await this.openMicrophone());
  }

  override hangUp(): void {
    this.endFor('hung-up-here');
  }
}
