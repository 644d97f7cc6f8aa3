import { css, html, LitElement } from 'lit';
import { timerWords } from '../i18n/words.ts';

/** How long a call has lasted, or lasted. Not announced: it would never stop talking. */
export class HandsetTimer extends LitElement {
  static override properties = { since: { type: Number }, until: { type: Number }, label: {} };
  declare since: number;
  declare until: number | undefined;
  declare label: string;
  #tick: ReturnType<typeof setTimeout> | undefined;

  static override styles = css`
    :host {
      font-variant-numeric: tabular-nums;
    }
  `;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#tick);
  }

  override render() {
    const elapsed = (this.until ?? Date.now()) - this.since;
    clearTimeout(this.#tick);
    // At the turn of the call's own second, however late this one was drawn.
    if (this.until === undefined)
      this.#tick = setTimeout(() => this.requestUpdate(), 1_000 - (elapsed % 1_000));
    return html`<span role="timer" aria-live="off" aria-label=${this.label}>${timerWords(elapsed)}</span>`;
  }
}

customElements.define('handset-timer', HandsetTimer);
