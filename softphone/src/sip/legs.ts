import { type Invitation, Inviter, type Session, SessionState, type URI, type UserAgent } from 'sip.js';
import { type EndReason, endReason } from '../call/end-reason.ts';
import type { IncomingLeg, Leg, LegListener, Party } from '../call/line-port.ts';
import type { CallMedia } from '../call/media-port.ts';
import type { TraceStep } from '../call/trace.ts';
import { checkDialog } from './dialog-check.ts';
import { joinSessions } from './join.ts';
import { leaveWithMusic } from './leave.ts';
import { partyOf } from './party.ts';
import { Renegotiation } from './renegotiation.ts';
import { type DescribedMedia, handlerOptions } from './session-description.ts';

/** As the answer to an INVITE that carried credentials. */
const UNAUTHORIZED = 401;
/** Final answers to an INVITE; one that was cancelled gets 487 (RFC 3261 §9.2). */
const REFUSALS = { busy: 486, declined: 603, 'given-up': 487 } as const;
/** This way to the phone is gone (RFC 5626 §11.6); that is not the person's answer. */
const FLOW_FAILED = { statusCode: 430, reasonPhrase: 'Flow Failed' };
/** Between two questions whether a call still rings that began on another socket. */
const STILL_THERE_MS = 2_000;
/** The gateway may answer a question before it sends the CANCEL that it owes. */
const CANCELLED_MS = 500;

/** A leg that the line also tells of its messages and of the end of its socket. */
export interface TracedLeg extends Leg {
  step(step: TraceStep): void;
  /** The page goes; the call may stay for the next one. */
  leave(): void;
  socketLost(): void;
  /** There is a new socket, and the gateway knows it. */
  reconnected(): void;
  /** It is over, and its last message has passed. */
  release(): void;
}

/** How sip.js' `Session` becomes a leg: one end, told once. */
abstract class SessionLeg implements TracedLeg {
  abstract readonly callId: string;
  abstract readonly credential: string;
  protected listener: LegListener | undefined;
  #ended = false;
  #session: Session | undefined;
  #renegotiation: Renegotiation | undefined;

  step(step: TraceStep): void {
    this.listener?.step(step);
  }

  abstract hangUp(farEnd?: 'goes' | 'stays'): void;
  abstract leave(): void;
  abstract socketLost(): void;
  abstract reconnected(): void;

  renegotiate(): void {
    this.#renegotiation?.ask();
  }

  async joinWith(other: Leg): Promise<EndReason | undefined> {
    if (!(other instanceof SessionLeg)) return 'failed';
    const [session, target] = [this.#session, other.#session];
    return session === undefined || target === undefined ? 'failed' : joinSessions(session, target);
  }

  /** sip.js keeps the session for as long as its transactions live (RFC 6026 §8.4, 32 s); the call need not stay. */
  release(): void {
    this.listener = undefined;
  }

  /** An end that only the session's state tells of comes from the far end, or was asked for here. */
  protected follow(session: Session, onEnd: () => void): void {
    this.#session = session;
    // Who made the INVITE made the Call-ID.
    this.#renegotiation = new Renegotiation(session, session instanceof Inviter, {
      agreed: () => this.listener?.renegotiated(),
      refused: () => this.listener?.renegotiationRefused(),
    });
    session.delegate = {
      ...session.delegate,
      onBye: (bye) => {
        void bye.accept();
        this.end('hung-up-there');
      },
      // The gateway joins calls by itself and asks for none. Without this, sip.js would follow any REFER.
      onRefer: (referral) => void referral.reject({ statusCode: 603 }),
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.listener?.answered();
      if (state !== SessionState.Terminated) return;
      onEnd();
      // What the final response says (`onReject`) comes within this turn, and says more.
      queueMicrotask(() => this.end('failed'));
    });
  }

  /** A gateway that was started anew, or another one, knows nothing of the call: it is over. */
  protected checkThere(session: Session, reason: EndReason): void {
    this.listener?.reconnected();
    void this.#renegotiation?.go();
    this.ask(session, reason);
  }

  protected get over(): boolean {
    return this.#ended;
  }

  protected ask(session: Session, reason: EndReason): void {
    const gone = () => {
      this.end(reason);
      this.hangUp();
    };
    checkDialog(session, { gone, there: () => this.there() });
  }

  /** The gateway has it still. */
  protected there(): void {}

  protected end(reason: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.listener?.ended(reason);
  }
}

export class OutgoingInviteLeg extends SessionLeg {
  readonly callId: string;
  readonly credential: string;
  readonly #inviter: Inviter;
  readonly #onUnknown: () => void;

  /**
   * Sends the INVITE.
   * @param onUnknown called when the gateway does not know our credential any more
   * @param extraHeaders of the INVITE
   */
  constructor(
    userAgent: UserAgent,
    target: URI,
    media: CallMedia,
    listener: LegListener,
    onEnd: () => void,
    onUnknown: () => void,
    extraHeaders: string[] = [],
  ) {
    super();
    this.listener = listener;
    this.credential = userAgent.configuration.authorizationUsername;
    this.#inviter = new Inviter(userAgent, target, {
      // The gateway is the one end of every call of ours and never forks, so a 183's sound can be heard.
      earlyMedia: true,
      extraHeaders,
      sessionDescriptionHandlerOptions: handlerOptions(media),
    });
    this.callId = this.#inviter.request.callId;
    this.#onUnknown = onUnknown;
    this.follow(this.#inviter, onEnd);
  }

  invite(): void {
    this.#inviter
      .invite({
        requestDelegate: {
          onProgress: ({ message }) => {
            if (message.body !== '') this.listener?.earlyMedia();
            else if (message.statusCode === 180) this.listener?.ringing();
          },
          onReject: ({ message }) => {
            this.end(endReason({ status: message.statusCode, reason: message.getHeader('Reason') }));
            if (message.statusCode === UNAUTHORIZED) this.#onUnknown();
          },
          onRedirect: () => this.end('failed'),
        },
      })
      .catch(() => this.end('media-failed'));
  }

  hangUp(farEnd: 'goes' | 'stays' = 'goes'): void {
    if (this.#inviter.state === SessionState.Established) bye(this.#inviter, farEnd);
    else this.#cancel();
  }

  /** One that nobody has answered yet would be answered by nobody here. */
  leave(): void {
    if (this.#inviter.state === SessionState.Established) leaveWithMusic(this.#inviter);
    else this.#cancel();
  }

  /** The gateway's answers to this INVITE would go to the old socket: they can't arrive any more. */
  socketLost(): void {
    if (this.#inviter.state === SessionState.Established) return;
    this.#cancel();
    this.end('network-lost');
  }

  reconnected(): void {
    if (this.#inviter.state === SessionState.Established) this.checkThere(this.#inviter, 'network-lost');
  }

  #cancel(): void {
    this.#inviter.cancel().catch(() => undefined);
  }
}

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

/** Who leaves a conference to the others says so (RFC 3326): the gateway's dialplan knows this cause. */
function bye(session: Session, farEnd: 'goes' | 'stays'): void {
  const extraHeaders = farEnd === 'stays' ? ['Reason: Q.850;cause=31'] : [];
  session.bye({ requestOptions: { extraHeaders } }).catch(() => undefined);
}

/** A call cancelled because another device took it says so (RFC 3326). */
function cancelReason(reason: string | undefined): EndReason {
  return reason !== undefined && /cause\s*=\s*200|completed elsewhere/i.test(reason)
    ? 'answered-elsewhere'
    : 'missed';
}
