/**
 * Tells when a connection that could not be made before may succeed now: the network is back, or the
 * page is in view again.
 * @returns what ends it
 */
export function onWake(listener: () => void): () => void {
  const visible = () => {
    if (!document.hidden) listener();
  };
  addEventListener('online', listener);
  document.addEventListener('visibilitychange', visible);
  return () => {
    removeEventListener('online', listener);
    document.removeEventListener('visibilitychange', visible);
  };
}
