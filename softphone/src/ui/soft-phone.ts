import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { typeable } from '../call/dialled.ts';
import { type KeyIntent, keyIntent } from '../call/keyboard.ts';
import { formatTyped, loadNumberPlans } from '../call/number-format.ts';
import type { Phone } from '../call/phone.ts';
import type { PhoneSnapshot } from '../call/snapshot.ts';
import { isLanguage, LANGUAGES, type Language, pickLanguage } from '../i18n/languages.ts';
import type { Strings } from '../i18n/strings.ts';
import { callActions, microphoneNote } from './call-actions.ts';
import type { HandsetDisplay } from './display.ts';
import './display.ts';
import { focusOf } from './focus.ts';
import { mark } from './icons.ts';
import { remember, remembered } from './language-memory.ts';
import './keypad.ts';
import { liveCall, type PhoneModel, present } from './presenter.ts';
import './sign-in.ts';
import type { SignInDetail } from './sign-in.ts';
import { layout } from './soft-phone-styles.ts';
import { base, strongKeys, theme } from './theme.ts';
import './travel-drawer.ts';
import { whenIdle } from './when-idle.ts';

const LONGEST_BLANK_MS = 150;

/**
 * The telephone as an element. What it shows is `phone.snapshot`; what people do goes to `phone`.
 *
 * Events (they bubble and leave the shadow root): `call-state`, with the call's snapshot as its detail,
 * whenever a call's status changes; `registration-state`, with the connection's.
 */
export abstract class SoftPhoneElement extends LitElement {
  static override properties = {
    _entry: { state: true },
    _language: { state: true },
  };
  declare _entry: string;
  declare _language: Language;
  /** The phone behind the face: its calls and their media. */
  abstract get phone(): Phone;
  readonly #known: Promise<void>;
  #nowKnown: () => void = () => {};
  #lastDialled = '';
  #dialling = false;
  #told: PhoneSnapshot | undefined;
  #unsubscribe: (() => void) | undefined;

  static override styles = [theme, base, strongKeys, layout];

  constructor() {
    super();
    this.#known = new Promise((resolve) => {
      this.#nowKnown = resolve;
    });
    this._entry = '';
    this._language = pickLanguage(remembered(), navigator.languages);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.phone.subscribe(() => this.#changed());
    document.addEventListener('keydown', this.#onKeyDown);
  }

  /** The first picture waits until it is known whose phone this is, so that it need not be drawn twice. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await Promise.race([this.#known, later(LONGEST_BLANK_MS)]);
    super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    document.removeEventListener('keydown', this.#onKeyDown);
  }

  protected override firstUpdated(): void {
    // Not needed for the first look at the phone, but before the first number is typed.
    void whenIdle()
      .then(loadNumberPlans)
      .then(() => this.requestUpdate());
  }

  override render() {
    const strings: Strings = LANGUAGES[this._language];
    const { snapshot } = this.phone;
    const model = present(snapshot, strings, this._entry, this.#lastDialled);
    const signedIn = snapshot.session === 'signed-in';
    const asking = snapshot.session === 'signed-out' || snapshot.session === 'signing-in';
    return html`<div class="desk" lang=${this._language}>
      <section class="phone" aria-label=${strings.product}>
        ${this.#header(strings, signedIn)}
        <handset-display
          .strings=${strings}
          .model=${asking ? { ...model.display, entry: undefined, party: { name: strings.tagline, detail: '' } } : model.display}
          @number-input=${this.#numberInput}
          @number-delete=${this.#numberDelete}
        ></handset-display>
        ${asking ? this.#signIn(strings, snapshot) : this.#dialler(strings, model)}
      </section>
      <handset-travel-drawer
        .strings=${strings}
        .phone=${this.phone}
        .snapshot=${snapshot}
      ></handset-travel-drawer>
    </div>`;
  }

  #header(strings: Strings, signedIn: boolean): TemplateResult {
    return html`<header>
      <h1>${mark}<span>${strings.product}</span></h1>
      <select class="quiet" aria-label=${strings.language} @change=${this.#chooseLanguage}>
        ${Object.entries(LANGUAGES).map(
          ([language, { languageName }]) => html`<option
            value=${language}
            lang=${language}
            ?selected=${language === this._language}
          >${languageName}</option>`,
        )}
      </select>
      ${
        signedIn
          ? html`<button class="quiet" type="button" @click=${() => void this.phone.signOut()}>
              ${strings.signOut}
            </button>`
          : nothing
      }
    </header>`;
  }

  #signIn(strings: Strings, { session, fault }: PhoneSnapshot): TemplateResult {
    return html`<handset-sign-in
      class="sign-in"
      .strings=${strings}
      .busy=${session === 'signing-in'}
      .fault=${fault === undefined ? undefined : strings.faults[fault]}
      @sign-in=${({ detail }: CustomEvent<SignInDetail>) => void this.phone.signIn(detail.login, detail.password)}
    ></handset-sign-in>`;
  }

  #dialler(strings: Strings, model: PhoneModel): TemplateResult {
    return html`${microphoneNote(strings, model, this.phone)}
      <handset-keypad
        .label=${strings.keypad}
        ?data-resting=${model.actions === 'incoming'}
        ?inert=${model.actions === 'incoming'}
        @key-press=${({ detail }: CustomEvent) => this.#press(detail)}
        @key-hold=${() => this.#plus()}
      ></handset-keypad>
      <div class="actions" role="group" aria-label=${strings.callControls} tabindex="-1">${callActions(strings, model, this.phone, this.#call)}</div>`;
  }

  #chooseLanguage(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    if (!isLanguage(value)) return;
    this._language = value;
    remember(value);
  }

  readonly #call = (): void => {
    if (this._entry === '') {
      this._entry = formatTyped(this.#lastDialled, this.phone.snapshot.country);
      return;
    }
    // The field is emptied with the news of the call: drawing it now would hold up the INVITE.
    this.#dialling = true;
    const call = this.phone.call(this._entry);
    if (call === undefined) this.#dialling = false;
    else this.#lastDialled = call.remote.number;
  };

  #press(key: Parameters<Phone['press']>[0]): void {
    this.phone.press(key);
    if (liveCall(this.phone.snapshot) === undefined) this.#enter(this._entry + key);
  }

  #plus(): void {
    if (liveCall(this.phone.snapshot) === undefined) this.#enter(`${this._entry}+`);
  }

  #numberInput({ detail }: CustomEvent<{ text: string; atEnd: boolean }>): void {
    if (detail.atEnd) this.#enter(detail.text);
    else this._entry = typeable(detail.text);
    // What is not typeable must not stay in the field, even where the number did not change by it.
    this.requestUpdate();
  }

  #numberDelete(): void {
    // Separators at the end belong to no digit.
    this.#enter(this._entry.replace(/[^\d+*#]*[\d+*#]?$/, ''));
  }

  #enter(text: string): void {
    this._entry = formatTyped(typeable(text), this.phone.snapshot.country);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.phone.snapshot.session !== 'signed-in') return;
    const focus = focusOf(event, this);
    if (focus === undefined) return;
    const { key, repeat, ctrlKey, altKey, metaKey } = event;
    const call = liveCall(this.phone.snapshot);
    const intent = keyIntent({ key, repeated: repeat, modified: ctrlKey || altKey || metaKey }, focus, call);
    if (intent === undefined) return;
    event.preventDefault();
    this.#follow(intent, call?.id ?? '');
    // Whoever types a number goes on in its field, where Enter calls.
    if (call === undefined && intent.type !== 'call') this.focusNumber();
  };

  #follow(intent: KeyIntent, callId: string): void {
    switch (intent.type) {
      case 'key':
        this.#press(intent.key);
        break;
      case 'plus':
        this.#plus();
        break;
      case 'delete':
        this.#numberDelete();
        break;
      case 'clear':
        this._entry = '';
        break;
      case 'call':
        this.#call();
        break;
      case 'answer':
        this.phone.answer(callId);
        break;
      case 'hang-up':
        this.phone.hangUp(callId);
        break;
    }
  }

  #changed(): void {
    if (this.#dialling) this._entry = '';
    this.#dialling = false;
    if (this.phone.snapshot.session !== 'unknown') setTimeout(this.#nowKnown);
    const now = this.phone.snapshot;
    const before = this.#told;
    this.#told = now;
    for (const call of now.calls) {
      const known = before?.calls.find(({ id }) => id === call.id);
      if (known?.status !== call.status) this.#tell('call-state', call);
    }
    if (before?.connection.status !== now.connection.status) this.#tell('registration-state', now.connection);
    this.requestUpdate();
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** When the button that had the focus goes, the focus stays with what takes its place. */
  protected override updated(): void {
    const actions = this.renderRoot.querySelector<HTMLElement>('.actions');
    const lost = this.#hadFocusInActions && this.shadowRoot?.activeElement === null;
    if (lost) actions?.focus({ preventScroll: true });
  }

  protected override willUpdate(): void {
    this.#hadFocusInActions = this.shadowRoot?.activeElement?.closest('.actions') != null;
  }

  #hadFocusInActions = false;

  /** Puts the cursor into the number field. */
  focusNumber(): void {
    this.renderRoot.querySelector<HandsetDisplay>('handset-display')?.focusNumber();
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
