/** A browser may ask over a connection that has died without a word; a new WebSocket never does. */
const PATIENCE_MS = 500;

/**
 * Whether the gateway at a WebSocket address says that it accepts no connections, by a plain request to the
 * same address. A browser delays new WebSockets by seconds when many have failed; requests it does not.
 * Where it says nothing, a WebSocket is worth trying.
 */
export async function isRefusing(webSocket: string): Promise<boolean> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    // Of another origin the answer can't be read: that there is one must do.
    const address = webSocket.replace(/^ws/, 'http');
    const { status } = await fetch(address, { mode: 'no-cors', cache: 'no-store', signal: patience });
    return status >= 500;
  } catch {
    return !patience.aborted;
  }
}
