import { css, html, LitElement } from 'lit';
import type { DevicesPort } from '../call/devices.ts';
import { deviceNotes } from '../i18n/sound-words.ts';
import type { Strings } from '../i18n/strings.ts';
import { alertIcon } from './icons.ts';
import { base } from './theme.ts';

/** Says what is wrong with the sound, as long as it is. */
export class HandsetSoundNotes extends LitElement {
  static override properties = { strings: { attribute: false }, devices: { attribute: false } };
  declare strings: Strings;
  declare devices: DevicesPort;
  #unsubscribe: (() => void) | undefined;

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
    this.#unsubscribe = this.devices.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  override render() {
    const notes = deviceNotes(this.devices.snapshot, this.strings);
    this.toggleAttribute('data-speaking', notes.length > 0);
    return html`<div role="status">${notes.map((note) => html`<p>${alertIcon}<span>${note}</span></p>`)}</div>`;
  }
}

customElements.define('handset-sound-notes', HandsetSoundNotes);
