/**
 * The softphone as a library. Importing it defines `<soft-phone>`; `createPhone` makes the same phone
 * without a face.
 */
import type { Phone } from './call/phone.ts';
import { createPhone } from './create-phone.ts';
import { SoftPhoneElement } from './ui/soft-phone.ts';

export { Call } from './call/call.ts';
export type { CallDirection, CallStatus } from './call/call-state.ts';
export type * from './call/devices.ts';
export type { EndReason } from './call/end-reason.ts';
export { Phone } from './call/phone.ts';
export type * from './call/ports.ts';
export type * from './call/snapshot.ts';
export type { Moment } from './call/timeline.ts';
export { createPhone, type PhoneOptions } from './create-phone.ts';

/**
 * `<soft-phone>`: the telephone as an element. Its `api` attribute is the provisioning API's address,
 * read when the element is first connected or its `phone` first asked for.
 */
export class SoftPhone extends SoftPhoneElement {
  #phone: Phone | undefined;
  #started: boolean;

  /** @param phone one that its maker starts, in place of the element's own */
  constructor(phone?: Phone) {
    super();
    this.#phone = phone;
    this.#started = phone !== undefined;
  }

  get phone(): Phone {
    const api = this.getAttribute('api');
    this.#phone ??= createPhone(api === null ? {} : { api });
    return this.#phone;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.#started) void this.phone.start();
    this.#started = true;
  }
}

customElements.define('soft-phone', SoftPhone);
