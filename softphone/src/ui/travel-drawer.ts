import { css, html, LitElement, nothing } from 'lit';
import type { Phone } from '../call/phone.ts';
import type { PhoneSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import { base } from './theme.ts';
import { whenIdle } from './when-idle.ts';

/** From this width on there is room beside the phone, and the panel stands open there. */
const WIDE = '(min-width: 62rem)';

/** The drawer that holds "How this call travels". What is in it is loaded when it is first opened. */
export class HandsetTravelDrawer extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: { attribute: false },
    snapshot: { attribute: false },
    _open: { state: true },
    _loaded: { state: true },
  };
  declare strings: Strings;
  declare phone: Phone;
  declare snapshot: PhoneSnapshot;
  declare _open: boolean;
  declare _loaded: boolean;
  readonly #wide = matchMedia(WIDE);

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      details {
        border-radius: 2rem;
        box-shadow: 0 0 0 1px var(--edge);
        background: light-dark(#fffdf880, #1c1e2180);
      }
      summary {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        min-block-size: 3.25rem;
        padding: 0.6rem 1.35rem;
        border-radius: 2rem;
        cursor: pointer;
        font-size: 1rem;
        font-weight: 600;
        list-style: none;
        user-select: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary::after {
        content: '';
        inline-size: 0.5rem;
        block-size: 0.5rem;
        border: solid currentColor;
        border-width: 0 2px 2px 0;
        transform: translateY(-2px) rotate(45deg);
        transition: transform 160ms ease;
      }
      details[open] summary::after {
        transform: translateY(2px) rotate(225deg);
      }
      .content {
        padding: 0 1.35rem 1.35rem;
        min-block-size: 6rem;
      }
    `,
  ];

  constructor() {
    super();
    this._open = this.#wide.matches;
    this._loaded = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#wide.addEventListener('change', this.#onWidth);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#wide.removeEventListener('change', this.#onWidth);
  }

  protected override updated(): void {
    if (this._open && !this._loaded) void this.#load();
  }

  override render() {
    const { strings, snapshot } = this;
    const inCall = snapshot.calls.length > 0;
    return html`<details ?open=${this._open} @toggle=${this.#onToggle}>
      <summary>${inCall ? strings.travel.title : strings.travel.idleTitle}</summary>
      <div class="content">
        ${
          this._loaded && this._open
            ? html`<handset-travel-panel
                .strings=${strings}
                .phone=${this.phone}
                .snapshot=${snapshot}
              ></handset-travel-panel>`
            : nothing
        }
      </div>
    </details>`;
  }

  readonly #onWidth = (): void => {
    this._open = this.#wide.matches;
  };

  #onToggle(event: Event): void {
    this._open = (event.target as HTMLDetailsElement).open;
  }

  async #load(): Promise<void> {
    await whenIdle();
    await import('./travel-panel.ts');
    this._loaded = true;
  }
}

customElements.define('handset-travel-drawer', HandsetTravelDrawer);
