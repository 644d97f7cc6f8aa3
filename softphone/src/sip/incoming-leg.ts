import { type Invitation, SessionState } from 'sip.js';
import type { EndReason } from '../call/end-reason.ts';
import type { IncomingLeg, LegListener, Party } from '../call/line-port.ts';
import type { CallMedia } from '../call/media-port.ts';
import { leaveWithMusic } from './leave.ts';
import { partyOf } from './party.ts';
import { type DescribedMedia, handlerOptions } from './session-description.ts';
import { bye, SessionLeg } from './session-leg.ts';

/** Final answers to an INVITE; one that was cancelled gets 487 (RFC 3261 §9.2). */
const REFUSALS = { busy: 486, declined: 603, 'given-up': 487 } as const;
/** This way to the phone is gone (RFC 5626 §11.6); that is not the person's answer. */
const FLOW_FAILED = { statusCode: 430, reasonPhrase: 'Flow Failed' };
/** Between two questions whether a call still rings that began on another socket. */
const STILL_THERE_MS = 2_000;
/** The gateway may answer a question before it sends the CANCEL that it owes. */
const CANCELLED_MS = 500;

export class IncomingInviteLeg extends SessionLeg implements IncomingLeg {
  readonly callId: string;
  readonly credential: string;
  readonly from: Party;
  readonly #invitation: Invitation;
  #stillThere: ReturnType<typeof setTimeout> | undefined;
  /** Of one that has not rung yet. */
  #ring: (() => void) | undefined;

  constructor(invitation: Invitation, onEnd: () => void) {
    super();
    this.#invitation = invitation;
    this.callId = invitation.request.callId;
    // The gateway calls our Contact, whose user is the credential.
    this.credential = invitation.request.ruri?.user ?? '';
    this.from = partyOf(invitation.assertedIdentity, invitation.remoteIdentity);
    this.follow(invitation, onEnd);
    invitation.delegate = {
      ...invitation.delegate,
      onCancel: (cancel) => this.end(cancelReason(cancel.request.getHeader('Reason'))),
    };
  }

  /**
   * A page that slept finds all at once what came meanwhile, calls that are long over among it.
   * @param ring called if this one is still there
   */
  ringIfStillThere(ring: () => void): void {
    this.#ring = ring;
    this.ask(this.#invitation, 'missed');
  }

  /** What has been cancelled is so by a moment later: the gateway sends a CANCEL once it has our 180 (RFC 3261 §9.1). */
  protected override there(): void {
    setTimeout(() => {
      if (!this.over) this.#ring?.();
      this.#ring = undefined;
    }, CANCELLED_MS);
  }

  listen(listener: LegListener): void {
    this.listener = listener;
  }

  answer(media: CallMedia): void {
    this.#invitation
      .accept({ sessionDescriptionHandlerOptions: handlerOptions(media) })
      .catch(() => this.end('media-failed'));
  }

  /** The offer is known while it still rings; one that is no good is refused with the answer. */
  prepare(media: CallMedia): void {
    const offer = this.#invitation.body;
    if (offer) (media as CallMedia & DescribedMedia).prepareAnswer(offer).catch(() => undefined);
  }

  refuse(why: keyof typeof REFUSALS): void {
    this.#invitation.reject({ statusCode: REFUSALS[why] }).catch(() => undefined);
  }

  hangUp(farEnd: 'goes' | 'stays' = 'goes'): void {
    if (this.#invitation.state === SessionState.Established) bye(this.#invitation, farEnd);
    else this.refuse('declined');
  }

  /** One that rings is given back to the gateway, which rings the next page. */
  leave(): void {
    if (this.#invitation.state === SessionState.Established) leaveWithMusic(this.#invitation);
    else this.#invitation.reject(FLOW_FAILED).catch(() => undefined);
  }

  /** Our answer finds its way over the next socket: a response is matched by its Via, not by its socket. */
  socketLost(): void {}

  /**
   * One that still rings is asked for again and again: a CANCEL goes into the socket that its INVITE came
   * from, and is lost with it.
   */
  reconnected(): void {
    const { state } = this.#invitation;
    if (state === SessionState.Terminating || state === SessionState.Terminated) return;
    const rings = state === SessionState.Initial;
    this.checkThere(this.#invitation, rings ? 'missed' : 'network-lost');
    clearTimeout(this.#stillThere);
    if (rings) this.#stillThere = setTimeout(() => this.reconnected(), STILL_THERE_MS);
  }
}

/** A call cancelled because another device took it says so (RFC 3326). */
function cancelReason(reason: string | undefined): EndReason {
  return reason !== undefined && /cause\s*=\s*200|completed elsewhere/i.test(reason)
    ? 'answered-elsewhere'
    : 'missed';
}
