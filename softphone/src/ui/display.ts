import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Strings } from '../i18n/strings.ts';
import './call-timer.ts';
import { displayStyles } from './display-styles.ts';
import { deleteIcon } from './icons.ts';
import { base } from './theme.ts';

/** What the display shows. Prepared by the phone's presenter; there is nothing to decide here. */
export interface DisplayModel {
  readonly lamp: 'on' | 'wait' | 'off';
  readonly connection: string;
  /** The call's state in words; empty without a call. */
  readonly callState: string;
  readonly callTone: 'quiet' | 'alert';
  /** The number being typed, or `undefined` while a call is on the display. */
  readonly entry: string | undefined;
  /** Below the number: whose phone this is, or what Call would do. */
  readonly hint: string;
  readonly party?: { readonly name: string; readonly detail: string };
  readonly timer?: { readonly since: number; readonly until: number | undefined };
  readonly keysSent: string;
  readonly ringing: boolean;
}

/**
 * The phone's display: state, number or far end. Tells `number-input` with the text as its detail, and
 * `number-delete`. What is put into it stands at its foot while a call is shown.
 */
export class HandsetDisplay extends LitElement {
  static override properties = { strings: { attribute: false }, model: { attribute: false } };
  declare strings: Strings;
  declare model: DisplayModel;

  static override styles = [base, displayStyles];

  override render() {
    const { model } = this;
    return html`<div class="glass" ?data-ringing=${model.ringing}>
      <div class="status" role="status">
        <span class="connection">
          <span class="lamp" data-lamp=${model.lamp}></span><span>${model.connection}</span>
        </span>
        <span class="call" data-tone=${model.callTone}>${model.callState}</span>
      </div>
      <div class="main">${model.entry === undefined ? this.#party() : this.#entry(model.entry)}</div>
      <p class="foot">${this.#foot()}</p>
    </div>`;
  }

  focusNumber(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  #entry(entry: string): TemplateResult {
    const { strings } = this;
    return html`<div class="entry">
      <input
        type="tel"
        name="number"
        aria-label=${strings.number}
        placeholder=${strings.numberHint}
        autocomplete="off"
        ?data-long=${entry.length > 15}
        .value=${live(entry)}
        @input=${this.#input}
      />
      ${
        entry === ''
          ? nothing
          : html`<button class="delete" type="button" aria-label=${strings.deleteDigit} @click=${this.#delete}>
              ${deleteIcon}
            </button>`
      }
    </div>`;
  }

  #party(): TemplateResult {
    const { party } = this.model;
    return html`<div class="party">
      <p class="name">${party?.name}</p>
      <p class="detail">${party?.detail}</p>
    </div>`;
  }

  #foot() {
    const { model, strings } = this;
    const { timer } = model;
    if (model.entry !== undefined) return html`<span>${model.hint}</span>`;
    return html`${
      timer === undefined
        ? nothing
        : html`<handset-timer .since=${timer.since} .until=${timer.until} .label=${strings.callTime}></handset-timer>`
    }${
      model.keysSent === ''
        ? nothing
        : html`<span class="keys"><bdi aria-hidden="true">${model.keysSent}</bdi>
            <span class="visually-hidden">${strings.keysSent(model.keysSent)}</span></span>`
    }<slot></slot>`;
  }

  #input(event: Event): void {
    const field = event.target as HTMLInputElement;
    const atEnd = field.selectionStart === field.value.length;
    const detail = { text: field.value, atEnd };
    // Drawn anew by whoever takes it. Drawn here and now it would still be the old number, and a key that is
    // already on its way would be put after that one.
    this.dispatchEvent(new CustomEvent('number-input', { detail }));
  }

  #delete(): void {
    this.dispatchEvent(new CustomEvent('number-delete'));
  }
}

customElements.define('handset-display', HandsetDisplay);
