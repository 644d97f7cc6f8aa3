import type { NameAddrHeader } from 'sip.js';
import type { Party } from '../call/line-port.ts';

/** Users that stand for a caller who does not want to be known (RFC 3323 §4.1, and what gateways make of it). */
const WITHHELD = /^(anonymous|restricted|unavailable|unknown|asterisk)$/i;

/** Who is behind a From or P-Asserted-Identity header (RFC 3325). The asserted identity is the better one. */
export function partyOf(asserted: NameAddrHeader | undefined, from: NameAddrHeader): Party {
  const identity = asserted ?? from;
  const user = decode(identity.uri.user ?? '');
  const number = WITHHELD.test(user) ? '' : user;
  const name = (identity.displayName || from.displayName || '').trim();
  return name === '' || name === number || WITHHELD.test(name) ? { number } : { number, name };
}

function decode(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
