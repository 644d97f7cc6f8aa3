import { URI, type UserAgent } from 'sip.js';
import type { LeftLeg } from '../call/line-port.ts';

/** Where the gateway's dialplan answers that: 491 while the call is there, 481 when it is not. */
const STILL_THERE = 'still-there';
const NO_SUCH_CALL = 481;
/** sip.js' own answers, where none came (RFC 3261 §8.1.3.1). */
const UNANSWERED: readonly (number | undefined)[] = [408, 503];

/** By which the gateway knows a leg that this or an earlier page of the device has. */
export function legHeaders({ callId, credential }: Pick<LeftLeg, 'callId' | 'credential'>): string[] {
  return [`X-Handset-Call: ${callId}`, `X-Handset-Credential: ${credential}`];
}

/**
 * Asks the gateway whether a call that rings here is still there for it. Its dialog does not tell: where the caller has
 * given up, it lives on until a CANCEL has been answered, for 32 s if need be, and no CANCEL goes out before the gateway
 * has had a provisional response (RFC 3261 §9.1).
 */
export function askStillThere(
  { userAgentCore, configuration, contact }: UserAgent,
  leg: Pick<LeftLeg, 'callId' | 'credential'>,
  answer: { there(): void; gone(): void },
): void {
  const { uri } = configuration;
  const target = new URI('sip', STILL_THERE, uri.host);
  const headers = [...legHeaders(leg), `Contact: ${contact}`];
  const message = userAgentCore.makeOutgoingRequestMessage('INVITE', target, uri, target, {}, headers);
  userAgentCore.invite(message, {
    onReject: ({ message: { statusCode } }) => {
      if (statusCode === NO_SUCH_CALL) answer.gone();
      else if (!UNANSWERED.includes(statusCode)) answer.there();
    },
  });
}
