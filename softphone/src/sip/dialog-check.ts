import { Core, type Session } from 'sip.js';

/** The far end knows no such call (RFC 3261 §12.2.1.2). */
const NO_SUCH_CALL = 481;

/** sip.js' own answers, where none came (RFC 3261 §8.1.3.1). */
const UNANSWERED: readonly (number | undefined)[] = [408, 503];

/**
 * Asks the gateway whether a call is still there, by an UPDATE without a description (RFC 3311). It also tells the
 * gateway where this phone is now: what it has to say in this call it would else send into the old socket.
 */
export function checkDialog(session: Session, answer: { gone(): void; there(): void }): void {
  const { dialog, userAgent } = session;
  if (!(dialog instanceof Core.SessionDialog)) return;
  const message = dialog.createOutgoingRequestMessage('UPDATE', {
    extraHeaders: [`Contact: ${userAgent.contact}`],
  });
  new Core.UserAgentClient(Core.NonInviteClientTransaction, dialog.userAgentCore, message, {
    onAccept: () => answer.there(),
    onReject: ({ message: { statusCode } }) => {
      if (statusCode === NO_SUCH_CALL) answer.gone();
      else if (!UNANSWERED.includes(statusCode)) answer.there();
    },
  });
}
