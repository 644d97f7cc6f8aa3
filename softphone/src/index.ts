/**
 * The softphone as a library. Importing it defines `<soft-phone>`; `createPhone` makes the same phone
 * without a face.
 */
import type { Phone } from './call/phone.ts';
import { createPhone } from './create-phone.ts';
import { DEFAULT_API } from './provisioning/client.ts';
import { PhoneToken } from './provisioning/phone-token.ts';
import { SoftPhoneElement } from './ui/soft-phone.ts';

export { Call } from './call/call.ts';
export type { CallDirection, CallStatus } from './call/call-state.ts';
export type * from './call/devices.ts';
export type { EndReason } from './call/end-reason.ts';
export type * from './call/line-port.ts';
export type * from './call/media-port.ts';
export { Phone } from './call/phone.ts';
export type * from './call/ports.ts';
export type * from './call/provisioning-port.ts';
export type * from './call/snapshot.ts';
export type { Moment } from './call/timeline.ts';
export { createPhone, type PhoneOptions } from './create-phone.ts';
export { PhoneToken } from './provisioning/phone-token.ts';

/**
 * `<soft-phone>`: the telephone as an element. Its `api` attribute is the provisioning API's address,
 * read when the element is first connected or its `phone` first asked for.
 *
 * On a page of another origin it has a `token` in place of a sign-in. Whenever it needs one, or another one, it tells
 * `token-needed`; what it does goes on meanwhile.
 */
export class SoftPhone extends SoftPhoneElement {
  static override properties = { ...SoftPhoneElement.properties, token: { noAccessor: true } };
  readonly #token = new PhoneToken(() => this.#tell('token-needed'));
  #phone: Phone | undefined;
  #started: boolean;

  /** @param phone one that its maker starts, in place of the element's own */
  constructor(phone?: Phone) {
    super();
    this.#phone = phone;
    this.#started = phone !== undefined;
  }

  get phone(): Phone {
    const api = this.getAttribute('api') ?? DEFAULT_API;
    this.#phone ??= createPhone({ api, ...(this.signsIn ? {} : { token: this.#token }) });
    return this.#phone;
  }

  /** Gives the phone a token of `POST /v1/users/{id}/phone-tokens`. Of one user: another one needs another element. */
  set token(token: string) {
    this.#token.give(token);
    if (this.#started && this.phone.snapshot.session === 'signed-out') void this.phone.start();
  }

  /** The cookie of a sign-in is the own origin's alone. */
  protected override get signsIn(): boolean {
    return new URL(this.getAttribute('api') ?? DEFAULT_API, location.href).origin === location.origin;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.#started) void this.phone.start();
    this.#started = true;
  }

  #tell(type: string): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true }));
  }
}

customElements.define('soft-phone', SoftPhone);
