import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { notificationState, turnOnNotifications } from '../attention/notifications.ts';
import { isRinging } from '../call/floor.ts';
import type { Phone } from '../call/phone.ts';
import { callNotes, deviceNotes } from '../i18n/sound-words.ts';
import type { Strings } from '../i18n/strings.ts';
import { alertIcon } from './icons.ts';
import { base } from './theme.ts';

/** Says what is wrong with the sound, as long as it is, and what can be done. */
export class HandsetSoundNotes extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: { attribute: false },
    call: { attribute: false },
  };
  declare strings: Strings;
  declare phone: Phone;
  /** Id of the call that is on the display. */
  declare call: string | undefined;
  /** Somebody called while the page was hidden, and nothing told of it. */
  #offers = false;
  #unsubscribe: readonly (() => void)[] = [];

  static override styles = [
    base,
    css`
      /* With nothing to say it takes no place in the layout, and stays for screen readers to listen to. */
      :host(:not([data-speaking])) {
        position: absolute;
      }
      p {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        margin: 0;
        padding: 0.6rem 0.9rem;
        border-radius: 1rem;
        font-size: 0.875rem;
        background: var(--alert-ground);
        color: var(--alert);
      }
      .offer {
        color: inherit;
        background: light-dark(#1d1f1e0d, #ffffff12);
      }
      button {
        min-block-size: 2.75rem;
        margin-block-start: 0.4rem;
        padding-inline: 0.9rem;
        border-radius: 0.8rem;
        font-size: 0.875rem;
        font-weight: 600;
        background: var(--body-high);
        box-shadow: 0 0 0 1px var(--edge);
      }
      p + p {
        margin-block-start: 0.4rem;
      }
      svg {
        inline-size: 1.25rem;
        block-size: 1.25rem;
        flex: none;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const { devices, quality } = this.phone;
    const changed = () => {
      const missed = document.hidden && this.phone.snapshot.calls.some(isRinging);
      if (missed && notificationState() === 'unasked') this.#offers = true;
      this.requestUpdate();
    };
    this.#unsubscribe = [devices, quality, this.phone].map((port) => port.subscribe(changed));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#unsubscribe) end();
  }

  override render() {
    const { devices, quality } = this.phone;
    const ofCall = this.call === undefined ? undefined : quality.of(this.call);
    const notes = [...deviceNotes(devices.snapshot, this.strings), ...callNotes(ofCall, this.strings)];
    const { ringBlocked } = this.phone.snapshot;
    this.toggleAttribute('data-speaking', notes.length > 0 || ringBlocked || this.#offers);
    return html`<div role="status">
        ${notes.map((note) => html`<p>${alertIcon}<span>${note}</span></p>`)}
        ${ringBlocked ? html`<p>${alertIcon}<span>${this.strings.ring.blocked}</span></p>` : nothing}
        ${this.#offers ? html`<p class="offer"><span>${this.strings.ring.offer}</span></p>` : nothing}
      </div>
      ${ringBlocked ? html`<button type="button">${this.strings.ring.unblock}</button>` : nothing}
      ${this.#offers ? this.#offer() : nothing}`;
  }

  #offer(): TemplateResult {
    const words = this.strings.ring;
    const decide = (allow: boolean) => {
      this.#offers = false;
      if (allow) void turnOnNotifications();
      this.requestUpdate();
    };
    return html`<button type="button" @click=${() => decide(true)}>${words.allow}</button>
      <button type="button" @click=${() => decide(false)}>${words.later}</button>`;
  }
}

customElements.define('handset-sound-notes', HandsetSoundNotes);
