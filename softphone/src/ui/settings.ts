import { css, html, LitElement } from 'lit';
import type { ThirdCall } from '../call/floor.ts';
import type { Phone } from '../call/phone.ts';
import type { PhoneSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import { remember } from './memory.ts';
import { base } from './theme.ts';

/** What a person sets once and seldom again. */
export class HandsetSettings extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: { attribute: false },
    snapshot: { attribute: false },
  };
  declare strings: Strings;
  declare phone: Phone;
  declare snapshot: PhoneSnapshot;

  static override styles = [
    base,
    css`
      summary {
        min-block-size: 2.75rem;
        padding: 0.6rem 0.35rem;
        border-radius: 0.9rem;
        color: var(--ink-soft);
        font-size: 0.875rem;
        font-weight: 500;
        cursor: pointer;
      }
      label {
        display: grid;
        gap: 0.2rem;
        padding: 0 0.35rem 0.35rem;
        font-size: 0.875rem;
      }
      select {
        min-block-size: 2.75rem;
        inline-size: 100%;
        padding-inline: 0.6rem;
        border: 0;
        border-radius: 0.8rem;
        background: var(--body-high);
        box-shadow: 0 0 0 1px var(--edge);
      }
      option {
        color: #1d1f1e;
        background: #ffffff;
      }
    `,
  ];

  override render() {
    const { strings, snapshot } = this;
    const choice = (value: ThirdCall, words: string) =>
      html`<option value=${value} ?selected=${snapshot.thirdCall === value}>${words}</option>`;
    return html`<details>
      <summary>${strings.settings}</summary>
      <label
        >${strings.thirdCall}
        <select @change=${this.#chooseThirdCall}>
          ${choice('busy', strings.thirdCallBusy)}${choice('waits', strings.thirdCallWaits)}
        </select>
      </label>
    </details>`;
  }

  #chooseThirdCall(event: Event): void {
    const thirdCall = (event.target as HTMLSelectElement).value === 'waits' ? 'waits' : 'busy';
    remember('third-call', thirdCall);
    this.phone.setThirdCall(thirdCall);
  }
}

customElements.define('handset-settings', HandsetSettings);
