/** Why a call ended, as far as the phone can know. Slugs, never words: the words are in `i18n/`. */
export const END_REASONS = [
  // Told by the gateway:
  'busy',
  'no-answer',
  'declined',
  'number-not-found',
  'number-invalid',
  'not-permitted',
  'no-caller-id',
  'too-many-calls',
  'calling-too-fast',
  'minutes-used-up',
  'spend-used-up',
  'no-rate',
  'lines-busy',
  'unavailable',
  'rejected',
  'trunk-failed',
  'admission-unavailable',
  // Known to the phone alone:
  'hung-up-here',
  'hung-up-there',
  'cancelled',
  'missed',
  'declined-here',
  'answered-elsewhere',
  'transferred',
  'left-conference',
  'not-connected',
  'network-lost',
  'ended-meanwhile',
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
  readonly status?: number | undefined;
  /** The response's `Reason` header (RFC 3326), in which the gateway gives a Q.850 cause. */
  readonly reason?: string | undefined;
}

const REASON_OF_STATUS: Readonly<Record<number, EndReason>> = {
  403: 'not-permitted',
  404: 'number-not-found',
  408: 'no-answer',
  410: 'number-not-found',
  480: 'no-answer',
  481: 'ended-meanwhile',
  484: 'number-invalid',
  486: 'busy',
  487: 'cancelled',
  488: 'media-failed',
  502: 'trunk-failed',
  503: 'trunk-failed',
  504: 'no-answer',
  600: 'busy',
  603: 'declined',
  604: 'number-not-found',
  606: 'media-failed',
};

/** Where one status stands for several things, the gateway's Q.850 cause tells which. */
const REASON_OF_PAIR: Readonly<Record<string, EndReason>> = {
  '403/44': 'calling-too-fast',
  '403/47': 'too-many-calls',
  '403/50': 'no-caller-id',
  '403/52': 'minutes-used-up',
  '403/57': 'spend-used-up',
  '403/63': 'no-rate',
  '480/20': 'unavailable',
  '480/31': 'rejected',
  '503/34': 'lines-busy',
  '503/41': 'admission-unavailable',
  '503/42': 'admission-unavailable',
};

/** The reason behind a final response: its status, and the cause where the status leaves room for doubt. */
export function endReason({ status = 0, reason = '' }: EndCause): EndReason {
  const cause = /Q\.850\s*;\s*cause\s*=\s*(\d+)/i.exec(reason)?.[1];
  return REASON_OF_PAIR[`${status}/${cause}`] ?? REASON_OF_STATUS[status] ?? 'failed';
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
  'ended-meanwhile',
  'transferred',
  'left-conference',
  'signed-out',
]);
