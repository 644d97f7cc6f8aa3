import { Inviter, type Session, SessionState } from 'sip.js';
import type { EndReason } from '../call/end-reason.ts';
import type { Leg, LegListener } from '../call/line-port.ts';
import type { TraceStep } from '../call/trace.ts';
import { checkDialog } from './dialog-check.ts';
import { joinSessions } from './join.ts';
import { Renegotiation } from './renegotiation.ts';

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
export abstract class SessionLeg implements TracedLeg {
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

/** Who leaves a conference to the others says so (RFC 3326): the gateway's dialplan knows this cause. */
export function bye(session: Session, farEnd: 'goes' | 'stays'): void {
  const extraHeaders = farEnd === 'stays' ? ['Reason: Q.850;cause=31'] : [];
  session.bye({ requestOptions: { extraHeaders } }).catch(() => undefined);
}
