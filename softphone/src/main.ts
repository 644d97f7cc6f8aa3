import './page.css';
import type { CallSnapshot } from './call/snapshot.ts';
import './index.ts';

const title = document.title;

/** A page in the background shows by its title that somebody calls. */
document.addEventListener('call-state', (event) => {
  const { direction, status, remote } = (event as CustomEvent<CallSnapshot>).detail;
  const rings = direction === 'incoming' && status === 'ringing';
  document.title = rings ? `☎ ${remote.name ?? remote.number}` : title;
});
