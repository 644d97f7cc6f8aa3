import { Inviter, SessionState, type URI, type UserAgent } from 'sip.js';
import { endReason } from '../call/end-reason.ts';
import type { LegListener } from '../call/line-port.ts';
import type { CallMedia } from '../call/media-port.ts';
import { leaveWithMusic } from './leave.ts';
import { handlerOptions } from './session-description.ts';
import { bye, SessionLeg } from './session-leg.ts';

/** As the answer to an INVITE that carried credentials. */
const UNAUTHORIZED = 401;

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
