import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { dialable, type Key } from '../call/dialled.ts';
import { isMember, mayDial, ringingCall } from '../call/floor.ts';
import type { KeyIntent } from '../call/keyboard.ts';
import { loadNumberPlans } from '../call/number-format.ts';
import type { Phone } from '../call/phone.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import { type Language, loadStrings, pickLanguage, stringsOf } from '../i18n/languages.ts';
import type { Strings } from '../i18n/strings.ts';
import { callActions, type FaceActions, microphoneNote } from './call-actions.ts';
import { callRows, rowStyles } from './call-rows.ts';
import type { HandsetDisplay } from './display.ts';
import './display.ts';
import { FocusKeeper } from './focus-keeper.ts';
import { header } from './header.ts';
import { KeyboardControl } from './keyboard-control.ts';
import './keypad.ts';
import { remember, remembered } from './memory.ts';
import { NumberEntry } from './number-entry.ts';
import { liveCall, type PhoneModel, present, type Typing } from './presenter.ts';
import './settings.ts';
import './sign-in.ts';
import type { SignInDetail } from './sign-in.ts';
import './sound-notes.ts';
import { layout } from './soft-phone-styles.ts';
import { stateEvents } from './state-events.ts';
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
    _language: { state: true },
    _typing: { state: true },
  };
  declare _language: Language;
  /** What a number is typed for while a call is up. */
  declare _typing: Typing;
  /** The phone behind the face: its calls and their media. */
  abstract get phone(): Phone;
  /** Whether people sign in here, and out; else the page around decides whose phone it is. */
  protected get signsIn(): boolean {
    return true;
  }
  readonly #entry = new NumberEntry(this, () => this.phone.snapshot.country);
  readonly #known: Promise<void>;
  #nowKnown: () => void = () => {};
  #dialling = false;
  #told: PhoneSnapshot | undefined;
  #unsubscribe: (() => void) | undefined;

  static override styles = [theme, base, strongKeys, layout, rowStyles];

  constructor() {
    super();
    this.#known = new Promise((resolve) => {
      this.#nowKnown = resolve;
    });
    this._typing = 'no';
    this._language = pickLanguage(remembered('language'), navigator.languages);
    new FocusKeeper(this);
    new KeyboardControl(this, {
      isOn: () => this.phone.snapshot.session === 'signed-in',
      subject: () => this.#keyboardSubject(),
      follow: (intent, call) => this.#follow(intent, call),
      paste: (text) => this.#paste(text),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.phone.subscribe(() => this.#changed());
    if (remembered('third-call') === 'waits') this.phone.setThirdCall('waits');
    this.#changed();
  }

  /** The first picture waits until it is known whose phone this is, so that it need not be drawn twice. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) {
      const known = Promise.race([this.#known, later(LONGEST_BLANK_MS)]);
      await Promise.all([known, loadStrings(this._language)]);
    }
    super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
  }

  protected override firstUpdated(): void {
    // Not needed for the first look at the phone, but before the first number is typed.
    void whenIdle()
      .then(loadNumberPlans)
      .then(() => this.requestUpdate());
  }

  override render() {
    const strings = stringsOf(this._language);
    const { snapshot } = this.phone;
    const { text: entry, lastDialled } = this.#entry;
    const model = present(snapshot, strings, { entry, lastDialled, typing: this._typing });
    const signedIn = snapshot.session === 'signed-in';
    const asking = this.signsIn && (snapshot.session === 'signed-out' || snapshot.session === 'signing-in');
    return html`<div class="desk" lang=${this._language}>
      <section class="phone" aria-label=${strings.product}>
        ${header(strings, this._language, {
          devices: this.phone.devices,
          chooseLanguage: (language) => void this.#chooseLanguage(language),
          sound: signedIn,
          signOut: signedIn && this.signsIn ? () => void this.phone.signOut() : undefined,
        })}
        <handset-display
          .strings=${strings}
          .model=${asking ? { ...model.display, entry: undefined, party: { name: strings.tagline, detail: '' } } : model.display}
          @number-input=${({ detail }: CustomEvent) => this.#entry.input(detail)}
          @number-delete=${() => this.#entry.deleteLast()}
        >${this.#meter(strings, model)}</handset-display>
        ${asking ? this.#signIn(strings, snapshot) : this.#dialler(strings, model)}
      </section>
      <handset-travel-drawer
        .strings=${strings}
        .phone=${this.phone}
        .snapshot=${snapshot}
      ></handset-travel-drawer>
    </div>`;
  }

  #meter(strings: Strings, { call }: PhoneModel) {
    if (call?.status !== 'established') return nothing;
    void import('./quality-meter.ts');
    return html`<handset-quality-meter
      .strings=${strings}
      .quality=${this.phone.quality}
      .call=${call.id}
    ></handset-quality-meter>`;
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
    const resting = model.actions === 'incoming';
    const face: FaceActions = {
      dial: () => this.#dial(),
      type: (typing) => this.#type(typing),
      transferAtOnce: () => this.#dial('at-once'),
    };
    return html`<handset-sound-notes .strings=${strings} .phone=${this.phone} .call=${model.call?.id}></handset-sound-notes>
      ${microphoneNote(strings, model, this.phone)}
      ${callRows(strings, model.rows, this.phone)}
      <handset-keypad
        .label=${strings.keypad}
        ?data-resting=${resting}
        ?inert=${resting}
        @key-press=${({ detail }: CustomEvent) => this.#press(detail)}
        @key-hold=${() => this.#plus()}
      ></handset-keypad>
      <div class="actions" role="group" aria-label=${model.name || strings.callControls} tabindex="-1">
        ${callActions(strings, model, this.phone, face)}
      </div>
      <handset-settings .strings=${strings} .phone=${this.phone} .snapshot=${this.phone.snapshot}></handset-settings>`;
  }

  async #chooseLanguage(language: Language): Promise<void> {
    await loadStrings(language);
    this._language = language;
    remember('language', language);
  }

  #type(typing: Typing): void {
    this._typing = typing;
    this.#entry.clear();
    if (typing !== 'no') void this.updateComplete.then(() => this.focusNumber());
  }

  /** Calls the number that was typed. @param how what a transfer is to be: `ask` the target first, or `at-once` */
  #dial(how: 'ask' | 'at-once' = 'ask'): void {
    const { text } = this.#entry;
    if (text === '') {
      this.#entry.recall();
      return;
    }
    // The field is emptied with the news of the call: drawing it now would hold up the INVITE.
    this.#dialling = dialable(text) !== '' && mayDial(this.phone.snapshot.calls);
    if (this._typing === 'transfer') this.#transfer(text, how);
    else this.phone.call(text);
  }

  #transfer(number: string, how: 'ask' | 'at-once'): void {
    const id = liveCall(this.phone.snapshot)?.id ?? '';
    if (how === 'ask') this.phone.attendedTransfer(id, { number });
    else this.phone.blindTransfer(id, number);
  }

  /** Whether keys go into the number, rather than into a call. */
  get #isTyping(): boolean {
    return this._typing !== 'no' || liveCall(this.phone.snapshot) === undefined;
  }

  #press(key: Key): void {
    if (this._typing !== 'no') this.phone.playKey(key);
    else this.phone.sendDtmf(key);
    if (this.#isTyping) this.#entry.add(key);
  }

  #plus(): void {
    if (this.#isTyping) this.#entry.add('+');
  }

  #paste(text: string): void {
    if (this.#isTyping) this.#entry.add(text);
    else this.phone.sendDtmf(text);
  }

  /** A call that waits comes first: whoever presses Escape means that one, not the one they speak in. */
  #keyboardSubject(): CallSnapshot | undefined {
    const { snapshot } = this.phone;
    return ringingCall(snapshot.calls) ?? (this._typing !== 'no' ? undefined : liveCall(snapshot));
  }

  #follow(intent: KeyIntent, call: CallSnapshot | undefined): void {
    switch (intent.type) {
      case 'key':
        this.#press(intent.key);
        break;
      case 'plus':
        this.#plus();
        break;
      case 'delete':
        this.#entry.deleteLast();
        break;
      case 'clear':
        if (this.#entry.text === '') this._typing = 'no';
        this.#entry.clear();
        break;
      case 'call':
        this.#dial();
        break;
      case 'answer':
        this.phone.answer(call?.id ?? '');
        break;
      case 'hang-up':
        if (isMember(this.phone.snapshot.calls, call)) this.phone.leave();
        else this.phone.hangUp(call?.id ?? '');
        break;
    }
    // Whoever types a number goes on in its field, where Enter calls.
    if (call === undefined && intent.type !== 'call') this.focusNumber();
  }

  #changed(): void {
    const now = this.phone.snapshot;
    if (this.#dialling) {
      this.#entry.clear();
      const call = now.calls.findLast(({ direction }) => direction === 'outgoing');
      if (call !== undefined) this.#entry.dialled(call.remote.number);
    }
    if (this.#dialling || !mayDial(now.calls) || liveCall(now) === undefined) this._typing = 'no';
    this.#dialling = false;
    if (now.session !== 'unknown') setTimeout(this.#nowKnown);
    const before = this.#told;
    this.#told = now;
    for (const event of stateEvents(before, now)) this.dispatchEvent(event);
    this.requestUpdate();
  }

  /** Puts the cursor into the number field. */
  focusNumber(): void {
    this.renderRoot.querySelector<HandsetDisplay>('handset-display')?.focusNumber();
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
