import { css, html, LitElement, nothing } from 'lit';
import type { Strings } from '../i18n/strings.ts';
import { base, strongKeys } from './theme.ts';

export interface SignInDetail {
  readonly login: string;
  readonly password: string;
}

/** The form that makes this browser a telephone. Tells `sign-in` with login and password as its detail. */
export class HandsetSignIn extends LitElement {
  static override properties = { strings: { attribute: false }, busy: { type: Boolean }, fault: {} };
  declare strings: Strings;
  declare busy: boolean;
  declare fault: string | undefined;

  static override styles = [
    base,
    strongKeys,
    css`
      form {
        display: grid;
        gap: 1.1rem;
      }
      label {
        display: grid;
        gap: 0.35rem;
        font-size: 0.9375rem;
        font-weight: 600;
      }
      input {
        inline-size: 100%;
        block-size: 3.25rem;
        padding-inline: 1rem;
        border: 1px solid light-dark(#8d887b, #6b7078);
        border-radius: 1rem;
        background: var(--body-high);
        font-size: 1.0625rem;
        font-weight: 400;
      }
      [role='alert']:empty {
        margin-block-start: -1.1rem;
      }
      .fault {
        margin: 0;
        padding: 0.75rem 1rem;
        border-radius: 1rem;
        background: var(--alert-ground);
        color: var(--alert);
        font-size: 0.9375rem;
      }
      .strong {
        margin-block-start: 0.4rem;
      }
    `,
  ];

  override render() {
    const { strings } = this;
    return html`<form @submit=${this.#submit}>
      <label>${strings.login}
        <input name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      </label>
      <label>${strings.password}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <div role="alert">${this.fault === undefined ? nothing : html`<p class="fault">${this.fault}</p>`}</div>
      <button class="strong go" type="submit" aria-disabled=${this.busy}>
        ${this.busy ? strings.signingIn : strings.signIn}
      </button>
    </form>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    const detail: SignInDetail = {
      login: String(form.get('login') ?? '').trim(),
      password: String(form.get('password') ?? ''),
    };
    this.dispatchEvent(new CustomEvent<SignInDetail>('sign-in', { detail }));
  }
}

customElements.define('handset-sign-in', HandsetSignIn);
