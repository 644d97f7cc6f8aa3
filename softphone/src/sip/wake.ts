/**
 * Tells when the connection should be looked at now: the network went or is back, the page is in view or
 * runs again.
 * @returns what ends it
 */
export function onWake(listener: () => void): () => void {
  const visible = () => {
    if (!document.hidden) listener();
  };
  addEventListener('online', listener);
  addEventListener('offline', listener);
  document.addEventListener('resume', listener);
  document.addEventListener('visibilitychange', visible);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
    document.removeEventListener('resume', listener);
    document.removeEventListener('visibilitychange', visible);
  };
}
