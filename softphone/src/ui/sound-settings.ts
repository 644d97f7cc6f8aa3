import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { notificationState, turnOffNotifications, turnOnNotifications } from '../attention/notifications.ts';
import type { DevicesPort, RoleSnapshot, SoundRole } from '../call/devices.ts';
import type { Strings } from '../i18n/strings.ts';
import { base } from './theme.ts';

const SWITCHES = ['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;

/** Which devices the sound goes through, and what is done to the microphone's sound. */
export class HandsetSoundSettings extends LitElement {
  static override properties = { strings: { attribute: false }, devices: { attribute: false } };
  declare strings: Strings;
  declare devices: DevicesPort;
  #unsubscribe: (() => void) | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 0.9rem;
      }
      label {
        display: grid;
        gap: 0.3rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      select {
        inline-size: 100%;
        min-block-size: 2.75rem;
        padding-inline: 0.8rem;
        border: 0;
        border-radius: 0.9rem;
        color: var(--ink);
        background: var(--key);
        box-shadow: 0 0 0 1px var(--key-edge);
        font-weight: 400;
        text-overflow: ellipsis;
      }
      option {
        color: #1d1f1e;
        background: #ffffff;
      }
      fieldset {
        display: grid;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 0.2rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      fieldset label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        min-block-size: 2.75rem;
        font-size: 0.9375rem;
        font-weight: 400;
        cursor: pointer;
      }
      input {
        flex: none;
        appearance: none;
        position: relative;
        inline-size: 3rem;
        block-size: 1.75rem;
        margin: 0;
        border-radius: 1rem;
        background: var(--key-low);
        box-shadow: inset 0 0 0 2px var(--ink-soft);
        cursor: pointer;
      }
      input::before {
        content: '';
        position: absolute;
        inset-block-start: 0.375rem;
        inset-inline-start: 0.375rem;
        inline-size: 1rem;
        block-size: 1rem;
        border-radius: 50%;
        background: var(--ink-soft);
        transition: translate 120ms ease;
      }
      input:checked {
        background: var(--go);
        box-shadow: none;
      }
      input:checked::before {
        background: #ffffff;
        translate: 1.25rem 0;
      }
      p {
        margin: 0;
        font-size: 0.8125rem;
        color: var(--ink-soft);
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
    const words = this.strings.sound;
    const { microphone, speaker, ring, processing, canChooseOutput, namesKnown } = this.devices.snapshot;
    return html`${this.#choice('microphone', microphone)}
      ${
        canChooseOutput
          ? html`${this.#choice('speaker', speaker)}${this.#choice('ring', ring)}`
          : html`<p>${words.noChoiceOfOutput}</p>`
      }
      ${namesKnown ? nothing : html`<p>${words.namesHidden}</p>`}
      <fieldset>
        <legend>${words.processing}</legend>
        ${SWITCHES.map((name) =>
          this.#switch(words[name], processing[name], (on) => this.devices.setProcessing({ [name]: on })),
        )}
      </fieldset>
      ${this.#notifications()}`;
  }

  #notifications() {
    const words = this.strings.ring;
    const state = notificationState();
    if (state === 'unsupported') return nothing;
    if (state === 'denied') return html`<p>${words.notifyDenied}</p>`;
    return html`<fieldset>
      ${this.#switch(words.notify, state === 'on', (on) => void this.#setNotifications(on))}
    </fieldset>`;
  }

  async #setNotifications(on: boolean): Promise<void> {
    if (on) await turnOnNotifications();
    else turnOffNotifications();
    this.requestUpdate();
  }

  #choice(role: SoundRole, { devices, chosen, missing }: RoleSnapshot): TemplateResult {
    const words = this.strings.sound;
    const away = missing && chosen !== undefined ? [{ ...chosen, label: words.unplugged(chosen.label) }] : [];
    return html`<label>${words[role]}
      <select @change=${(event: Event) => this.#choose(role, event)}>
        <option value="" ?selected=${chosen === undefined}>${words.systemDefault}</option>
        ${[...devices, ...away].map(
          ({ id, label }) => html`<option value=${id} ?selected=${id === chosen?.id}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  #switch(label: string, on: boolean, change: (on: boolean) => void): TemplateResult {
    return html`<label><span>${label}</span>
      <input
        type="checkbox"
        role="switch"
        .checked=${live(on)}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      />
    </label>`;
  }

  #choose(role: SoundRole, event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.devices.choose(role, value === '' ? undefined : value);
  }
}

customElements.define('handset-sound-settings', HandsetSoundSettings);
