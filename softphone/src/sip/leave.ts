import { Core, type Session } from 'sip.js';
import { MediaDescriptionHandler } from './session-description.ts';

/**
 * Leaves a call to whoever comes next: the far end hears the gateway's music until then. It must be said before the
 * page is gone, so there is no time for a re-INVITE and its ACK; an UPDATE (RFC 3311) needs no more than to be sent.
 */
export function leaveWithMusic({ dialog, userAgent, sessionDescriptionHandler }: Session): void {
  if (!(dialog instanceof Core.SessionDialog)) return;
  if (!(sessionDescriptionHandler instanceof MediaDescriptionHandler)) return;
  const content = sessionDescriptionHandler.describeHold();
  if (content === undefined) return;
  const message = dialog.createOutgoingRequestMessage('UPDATE', {
    extraHeaders: [`Contact: ${userAgent.contact}`],
    body: { contentDisposition: 'session', contentType: 'application/sdp', content },
  });
  new Core.UserAgentClient(Core.NonInviteClientTransaction, dialog.userAgentCore, message);
}
