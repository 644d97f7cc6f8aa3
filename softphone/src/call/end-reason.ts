/**
 * Why a call ended, as far as the phone can know. Slugs, never words: the words are in `i18n/`.
 * Those above the line also travel in the gateway's `X-Handset-Reason` header.
 */
export const END_REASONS = [
  'busy',
  'no-answer',
  'declined',
  'number-not-found',
  'number-invalid',
  'not-permitted',
  'no-caller-id',
  'unavailable',
  'trunk-failed',
  'admission-unavailable',
  // Known to the phone alone:
  'hung-up-here',
  'hung-up-there',
  'cancelled',
  'missed',
  'declined-here',
  'answered-elsewhere',
  'not-connected',
  'network-lost',
  'signed-out',
  'microphone-blocked',
  'microphone-missing',
  'microphone-busy',
  'media-failed',
  'failed',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/** What the signalling says about an end. */
export interface EndCause {
  /** Final SIP status of the INVITE, where it was not a success (RFC 3261 §21). */
  readonly status?: number;
  /** The gateway's own slug, from `X-Handset-Reason`. */
  readonly slug?: string | undefined;
}

const REASON_OF_STATUS: Readonly<Record<number, EndReason>> = {
  403: 'not-permitted',
  404: 'number-not-found',
  408: 'no-answer',
  410: 'number-not-found',
  480: 'no-answer',
  484: 'number-invalid',
  486: 'busy',
  487: 'cancelled',
  488: 'media-failed',
  500: 'failed',
  502: 'trunk-failed',
  503: 'trunk-failed',
  504: 'no-answer',
  600: 'busy',
  603: 'declined',
  604: 'number-not-found',
  606: 'media-failed',
};

/**
 * The reason behind a final response. The gateway's slug says more than the status, so it wins;
 * a slug this phone doesn't know (an older page on a newer gateway) falls back to the status.
 */
export function endReason({ status, slug }: EndCause): EndReason {
  const known = END_REASONS.find((reason) => reason === slug);
  if (known !== undefined) return known;
  return (status !== undefined && REASON_OF_STATUS[status]) || 'failed';
}

/** Whether an end is what somebody wanted, rather than something that went wrong. */
export function isQuietEnd(reason: EndReason): boolean {
  return QUIET.has(reason);
}

const QUIET: ReadonlySet<EndReason> = new Set<EndReason>([
  'hung-up-here',
  'hung-up-there',
  'cancelled',
  'missed',
  'declined-here',
  'answered-elsewhere',
  'signed-out',
]);
