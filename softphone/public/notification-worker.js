// The page's service worker. It does nothing but tell the page what was pressed on a notification of a call: only a
// service worker's notifications have buttons (Notifications API §2.4).
self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(tell(notification.data, action || 'show'));
});

async function tell(call, action) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage({ handsetCall: call, action });
  if (action === 'decline') return;
  const [page] = pages;
  if (page === undefined) await self.clients.openWindow('/');
  // A window manager may refuse; the call is answered all the same.
  else await page.focus().catch(() => undefined);
}
