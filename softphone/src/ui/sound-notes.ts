import { css, html, LitElement } from 'lit';
import type { Phone } from '../call/phone.ts';
import { callNotes, deviceNotes } from '../i18n/sound-words.ts';
import type { Strings } from '../i18n/strings.ts';
import { alertIcon } from './icons.ts';
import { base } from './theme.ts';

/** Says what is wrong with the sound, as long as it is. */
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
    this.#unsubscribe = [devices, quality].map((port) => port.subscribe(() => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#unsubscribe) end();
  }

  override render() {
    const { devices, quality } = this.phone;
    const ofCall = this.call === undefined ? undefined : quality.of(this.call);
    const notes = [...deviceNotes(devices.snapshot, this.strings), ...callNotes(ofCall, this.strings)];
    this.toggleAttribute('data-speaking', notes.length > 0);
    return html`<div role="status">${notes.map((note) => html`<p>${alertIcon}<span>${note}</span></p>`)}</div>`;
  }
}

customElements.define('handset-sound-notes', HandsetSoundNotes);
