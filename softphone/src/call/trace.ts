/** One SIP message as the phone saw it pass: enough to show how a call travels, nothing secret. */
export interface TraceStep {
  /** Milliseconds on the clock of `performance.now()`. */
  readonly at: number;
  readonly sent: boolean;
  /** `INVITE`, `BYE`, … or the status line of a response, as `180 Ringing`. */
  readonly label: string;
  /** The method a response answers, or the request's own. */
  readonly method: string;
  /** The status of a response. */
  readonly status?: number;
  /** It carries a session description: an offer or its answer (RFC 3264). */
  readonly hasDescription: boolean;
}
