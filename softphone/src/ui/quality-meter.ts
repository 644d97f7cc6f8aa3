import { css, html, LitElement } from 'lit';
import type { QualityPort } from '../call/ports.ts';
import { qualityWords } from '../i18n/sound-words.ts';
import type { Strings } from '../i18n/strings.ts';
import { base } from './theme.ts';

const BARS = [1, 2, 3, 4] as const;

/** How a call sounds: four bars and a score. Empty until something was measured. */
export class HandsetQualityMeter extends LitElement {
  static override properties = {
    strings: { attribute: false },
    quality: { attribute: false },
    call: { attribute: false },
  };
  declare strings: Strings;
  declare quality: QualityPort;
  /** The call's id. */
  declare call: string;
  #unsubscribe: (() => void) | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        margin-inline-start: auto;
      }
      [role='img'] {
        display: inline-flex;
        align-items: baseline;
        gap: 0.4rem;
        font-variant-numeric: tabular-nums;
      }
      .bars {
        display: inline-flex;
        align-items: flex-end;
        gap: 2px;
        block-size: 0.8rem;
      }
      .bars span {
        inline-size: 3px;
        block-size: calc(var(--step) * 25%);
        border-radius: 1px;
        background: var(--glow-soft);
        opacity: 0.35;
      }
      .bars span[data-lit] {
        background: var(--lamp-on);
        opacity: 1;
      }
      [data-bars='2'] span[data-lit] {
        background: var(--lamp-wait);
      }
      [data-bars='0'] span,
      [data-bars='1'] span[data-lit] {
        background: var(--lamp-bad);
      }
      .bars span:nth-child(1) {
        --step: 1;
      }
      .bars span:nth-child(2) {
        --step: 2;
      }
      .bars span:nth-child(3) {
        --step: 3;
      }
      .bars span:nth-child(4) {
        --step: 4;
      }
    `,
  ];

  /** Not when it is connected: what was set before its code was loaded comes with the first update. */
  protected override willUpdate(): void {
    this.#unsubscribe ??= this.quality.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  override render() {
    const { bars, score, label, details } = qualityWords(this.quality.of(this.call), this.strings);
    return html`<span role="img" aria-label=${label} title=${details}>
      <span class="bars" data-bars=${bars ?? ''}>
        ${BARS.map((bar) => html`<span ?data-lit=${bars !== undefined && bar <= bars}></span>`)}
      </span>
      <span aria-hidden="true">${score}</span>
    </span>`;
  }
}

customElements.define('handset-quality-meter', HandsetQualityMeter);
