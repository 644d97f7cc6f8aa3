/**
 * The phone's moments on the browser's own performance timeline (`performance.getEntriesByType('mark')`).
 * They are part of the library's interface: benchmarks and embedders read them.
 *
 * | mark | moment |
 * | --- | --- |
 * | `handset:ready` | registered with the gateway |
 * | `handset:call-click` | somebody asked for an outgoing call |
 * | `handset:invite-sent` | its INVITE was handed to the WebSocket |
 * | `handset:ringing` | the far end rings (180, or 183 with sound) |
 * | `handset:answer-click` | somebody here answered an incoming call |
 * | `handset:answered` | the call is up (200 sent or received) |
 * | `handset:first-audio` | the first sound of the far end came out of the receiver |
 *
 * Each mark of a call has `detail.call`, the call's id.
 */
export type Moment =
  | 'ready'
  | 'call-click'
  | 'invite-sent'
  | 'ringing'
  | 'answer-click'
  | 'answered'
  | 'first-audio';

export function mark(moment: Moment, call?: string, startTime?: number): void {
  const options: PerformanceMarkOptions = {};
  if (call !== undefined) options.detail = { call };
  if (startTime !== undefined) options.startTime = startTime;
  performance.mark(`handset:${moment}`, options);
}
