import { Core, type Session } from 'sip.js';

/** The far end knows no such call (RFC 3261 §12.2.1.2). */
const NO_SUCH_CALL = 481;

/**
 * Asks the gateway, over a socket that is new, whether a call is still there, by an UPDATE without a
 * description (RFC 3311). It also tells the gateway where this phone is now: what it has to say in this call
 * it would else send into the old socket.
 */
export function checkDialog(session: Session, onGone: () => void): void {
  const { dialog, userAgent } = session;
  if (!(dialog instanceof Core.SessionDialog)) return;
  const message = dialog.createOutgoingRequestMessage('UPDATE', {
    extraHeaders: [`Contact: ${userAgent.contact}`],
  });
  new Core.UserAgentClient(Core.NonInviteClientTransaction, dialog.userAgentCore, message, {
    onReject: (response) => {
      if (response.message.statusCode === NO_SUCH_CALL) onGone();
    },
  });
}
