import type { Notification, Session } from 'sip.js';
import { type EndReason, endReason } from '../call/end-reason.ts';

/** The gateway joins two calls that it has at hand within milliseconds. */
const PATIENCE_MS = 8_000;
const OK = 200;
const FINAL_FAILURE = 300;

/**
 * Asks the gateway to join the far ends of two calls without us: REFER (RFC 3515) in the one, whose target replaces
 * the other (RFC 3891). How it went is told by NOTIFY, as a fragment of a SIP response (RFC 3420).
 * @returns why it did not, or `undefined` where it did
 */
export function joinSessions(session: Session, target: Session): Promise<EndReason | undefined> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve('failed'), PATIENCE_MS);
    const settle = (reason: EndReason | undefined) => {
      clearTimeout(patience);
      resolve(reason);
    };
    const onNotify = (notification: Notification) => {
      void notification.accept();
      const status = fragmentStatus(notification.request.body);
      if (status >= FINAL_FAILURE) settle(endReason({ status }));
      else if (status >= OK) settle(undefined);
    };
    const onReject = (status: number | undefined) => settle(endReason({ status }));
    session
      .refer(target, {
        onNotify,
        requestDelegate: { onReject: ({ message }) => onReject(message.statusCode) },
      })
      .catch(() => settle('failed'));
  });
}

/** The status in a `message/sipfrag` body; 0 where there is none. */
export function fragmentStatus(body: string | undefined): number {
  return Number(/^SIP\/2\.0 (\d{3})\b/.exec(body ?? '')?.[1] ?? 0);
}
