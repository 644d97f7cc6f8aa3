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
 * Each mark of a call has `detail.call`, the call's id. At most {@link MOST_OF_A_NAME} marks of a name stand there: before
 * one more comes, those of that name go. Who wants every one of them observes (`PerformanceObserver`).
 */
export type Moment =
  | 'ready'
  | 'call-click'
  | 'invite-sent'
  | 'ringing'
  | 'answer-click'
  | 'answered'
  | 'first-audio';

/** A page stays open for days, and browsers forget no mark by themselves. */
export const MOST_OF_A_NAME = 50;

const counts = new Map<Moment, number>();

export function mark(moment: Moment, call?: string, startTime?: number): void {
  const name = `handset:${moment}`;
  const options: PerformanceMarkOptions = {};
  if (call !== undefined) options.detail = { call };
  if (startTime !== undefined) options.startTime = startTime;
  const count = counts.get(moment) ?? 0;
  // Marks can only be taken back by their name (User Timing §3.1.3).
  if (count === MOST_OF_A_NAME) performance.clearMarks(name);
  counts.set(moment, count === MOST_OF_A_NAME ? 1 : count + 1);
  performance.mark(name, options);
}
