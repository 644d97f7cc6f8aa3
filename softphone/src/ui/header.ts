import { html, nothing, type TemplateResult } from 'lit';
import type { DevicesPort } from '../call/devices.ts';
import { isLanguage, LANGUAGE_NAMES, type Language } from '../i18n/languages.ts';
import type { Strings } from '../i18n/strings.ts';
import { mark } from './icons.ts';
import './sound-button.ts';

interface HeaderActions {
  readonly devices: DevicesPort;
  chooseLanguage(language: Language): void;
  /** Whether its sound can be set. */
  readonly sound: boolean;
  /** Absent where there is nobody to sign out. */
  readonly signOut: (() => void) | undefined;
}

/** The phone's name, its language, its sound, and the way out. */
export function header(strings: Strings, language: Language, actions: HeaderActions): TemplateResult {
  const { devices, sound, signOut } = actions;
  const choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    if (isLanguage(value)) actions.chooseLanguage(value);
  };
  return html`<header>
    <h1>${mark}<span>${strings.product}</span></h1>
    <select class="quiet" aria-label=${strings.language} @change=${choose}>
      ${Object.entries(LANGUAGE_NAMES).map(
        ([name, languageName]) => html`<option value=${name} lang=${name} ?selected=${name === language}
        >${languageName}</option>`,
      )}
    </select>
    ${sound ? html`<handset-sound-button .strings=${strings} .devices=${devices}></handset-sound-button>` : nothing}
    ${signOut ? html`<button class="quiet" type="button" @click=${signOut}>${strings.signOut}</button>` : nothing}
  </header>`;
}
