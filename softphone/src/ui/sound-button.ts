import { css, html, LitElement, nothing } from 'lit';
import type { DevicesPort } from '../call/devices.ts';
import type { Strings } from '../i18n/strings.ts';
import { soundIcon } from './icons.ts';
import { base } from './theme.ts';

const GAP = 8;

/** The button that opens the sound settings. They are loaded when it is first pressed. */
export class HandsetSoundButton extends LitElement {
  static override properties = {
    strings: { attribute: false },
    devices: { attribute: false },
    _loaded: { state: true },
  };
  declare strings: Strings;
  declare devices: DevicesPort;
  declare _loaded: boolean;

  static override styles = [
    base,
    css`
      button {
        display: grid;
        place-items: center;
        inline-size: 2.75rem;
        block-size: 2.75rem;
        border-radius: 0.9rem;
        color: var(--ink-soft);
      }
      button svg {
        inline-size: 1.35rem;
        block-size: 1.35rem;
      }
      @media (hover: hover) {
        button:hover {
          background: light-dark(#1d1f1e12, #ffffff14);
        }
      }
      [popover] {
        position: absolute;
        inset: auto;
        margin: 0;
        inline-size: min(22rem, 100vw - 1.5rem);
        padding: 1.1rem 1.25rem 1.25rem;
        border: 0;
        border-radius: 1.5rem;
        color: var(--ink);
        background: var(--body-high);
        box-shadow:
          0 0 0 1px var(--edge),
          0 1.5rem 3rem -0.75rem #00000073;
      }
    `,
  ];

  constructor() {
    super();
    this._loaded = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', stopEscape, true);
  }

  override render() {
    const label = this.strings.sound.settings;
    return html`<button type="button" popovertarget="panel" aria-label=${label} title=${label}>${soundIcon}</button>
      <section id="panel" popover aria-label=${label} @beforetoggle=${this.#onToggle} @keydown=${stop}>
        ${
          this._loaded
            ? html`<handset-sound-settings .strings=${this.strings} .devices=${this.devices}></handset-sound-settings>`
            : nothing
        }
      </section>`;
  }

  #onToggle(event: Event): void {
    removeEventListener('keydown', stopEscape, true);
    if ((event as ToggleEvent).newState !== 'open') return;
    addEventListener('keydown', stopEscape, true);
    this.#place(event.currentTarget as HTMLElement);
    void import('./sound-settings.ts').then(() => {
      this._loaded = true;
    });
  }

  /** Below the button, within the window: what is in the top layer knows nothing of where its button is. */
  #place({ style }: HTMLElement): void {
    const { bottom, right } = this.getBoundingClientRect();
    style.top = `${bottom + scrollY + GAP}px`;
    style.right = `${Math.max(innerWidth - right - scrollX - 11 * GAP, 1.5 * GAP)}px`;
  }
}

/** While the panel is open Escape closes it, and is not for the phone, which would hang up. */
function stopEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') stop(event);
}

/** What is typed in the panel is no number. */
function stop(event: Event): void {
  event.stopPropagation();
}

customElements.define('handset-sound-button', HandsetSoundButton);
