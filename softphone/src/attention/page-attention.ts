import { isRinging } from '../call/floor.ts';
import type { Phone } from '../call/phone.ts';
import type { CallSnapshot } from '../call/snapshot.ts';
import { pickLanguage, stringsOf } from '../i18n/languages.ts';
import { partyWords } from '../i18n/words.ts';
import { remembered } from '../ui/memory.ts';
import { notify, onNotificationAction, withdraw } from './notifications.ts';

const RINGING_ICON = '/favicon-ringing.svg';
/** As often as browsers let the timers of a hidden page run. */
const BLINK_MS = 1_000;

/**
 * Draws a person's eyes to a page that is not in view while somebody calls: title, icon and notification ring. A language
 * has to be loaded before.
 */
export class PageAttention {
  readonly #phone: Phone;
  /** Pages of one browser see each other's notifications. */
  readonly #page = crypto.randomUUID();
  readonly #title = document.title;
  readonly #icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  readonly #quietIcon = this.#icon?.href ?? '';
  #ringing: CallSnapshot | undefined;
  #notified: string | undefined;
  #blink: ReturnType<typeof setInterval> | undefined;

  constructor(phone: Phone) {
    this.#phone = phone;
    phone.subscribe(() => this.#update());
    document.addEventListener('visibilitychange', () => this.#update());
    onNotificationAction((call, action) => {
      const id = this.#ringing?.id;
      if (id === undefined || call !== this.#nameOf(id)) return;
      if (action === 'answer') this.#phone.answer(id);
      if (action === 'decline') this.#phone.hangUp(id);
    });
    this.#update();
  }

  #update(): void {
    const ringing = this.#phone.snapshot.calls.find(isRinging);
    if (ringing?.id !== this.#ringing?.id) this.#signal(ringing);
    this.#ringing = ringing;
    this.#updateNotification(ringing);
  }

  #signal(call: CallSnapshot | undefined): void {
    clearInterval(this.#blink);
    if (call === undefined) {
      this.#show(this.#title, this.#quietIcon);
      return;
    }
    const { strings, country } = this.#words();
    const party = partyWords(call.remote, country, strings);
    let on = true;
    const turn = () => {
      this.#show(on ? `☎ ${party}` : strings.incoming(party), on ? RINGING_ICON : this.#quietIcon);
      on = !on;
    };
    turn();
    this.#blink = setInterval(turn, BLINK_MS);
  }

  #show(title: string, icon: string): void {
    document.title = title;
    if (this.#icon !== null) this.#icon.href = icon;
  }

  #updateNotification(call: CallSnapshot | undefined): void {
    const wanted = call !== undefined && document.hidden ? this.#nameOf(call.id) : undefined;
    if (wanted === this.#notified) return;
    if (this.#notified !== undefined) withdraw(this.#notified);
    this.#notified = wanted;
    if (wanted === undefined || call === undefined) return;
    const { strings, language, country } = this.#words();
    const title = strings.incoming(partyWords(call.remote, country, strings));
    const { answer, decline } = strings;
    notify({ call: wanted, title, language, answer, decline });
  }

  #nameOf(call: string): string {
    return `${this.#page} ${call}`;
  }

  #words() {
    const language = pickLanguage(remembered('language'), navigator.languages);
    return { language, strings: stringsOf(language), country: this.#phone.snapshot.country };
  }
}
