import './page.css';
import { createPhone } from './create-phone.ts';
import { takeHeadStart } from './head-start.ts';
import { loadStrings, pickLanguage } from './i18n/languages.ts';
import { remembered } from './ui/memory.ts';

/** How long the phone's face waits for the phone. Its registration comes first: drawing would hold it up. */
const LONGEST_BLANK_MS = 150;

const headStart = takeHeadStart();
const phone = createPhone(headStart === undefined ? {} : { headStart });
const settled = new Promise<void>((resolve) => {
  setTimeout(resolve, LONGEST_BLANK_MS);
  phone.subscribe(() => {
    const { session, connection } = phone.snapshot;
    const waits = session === 'unknown' || (session === 'signed-in' && connection.status !== 'ready');
    if (!waits) resolve();
  });
});
void phone.start();
void settled
  .then(() => import('./index.ts'))
  .then(({ SoftPhone }) => document.querySelector('main')?.append(new SoftPhone(phone)));
// A page in the background has to draw eyes to itself when somebody calls.
void settled
  .then(() => {
    const words = loadStrings(pickLanguage(remembered('language'), navigator.languages));
    return Promise.all([import('./attention/page-attention.ts'), words]);
  })
  .then(([{ PageAttention }]) => new PageAttention(phone));
