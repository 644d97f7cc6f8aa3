/** A browser may ask over a connection that has died without a word; a new WebSocket never does. */
const PATIENCE_MS = 500;
/** What a proxy says whose gateway accepts no connection. That it gave no answer in time (504) proves nothing. */
const DOWN: readonly number[] = [502, 503];

/** `down`: who stands before the gateway says that it is not there. `no-way`: nothing is to be had here now. */
export type PlainAnswer = 'down' | 'no-way' | 'worth-trying';

/**
 * What a WebSocket's address has to say to a plain request. A browser delays new WebSockets by seconds when many have
 * failed, and does not tell why they did; requests it does not. Where it says nothing, a WebSocket is worth trying.
 */
export async function askPlainly(webSocket: string): Promise<PlainAnswer> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    // Of another origin the answer can't be read: that there is one must do.
    const address = webSocket.replace(/^ws/, 'http');
    const { status } = await fetch(address, { mode: 'no-cors', cache: 'no-store', signal: patience });
    if (DOWN.includes(status)) return 'down';
    return status >= 500 ? 'no-way' : 'worth-trying';
  } catch {
    return patience.aborted ? 'worth-trying' : 'no-way';
  }
}
