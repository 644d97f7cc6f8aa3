/**
 * The softphone as a library. Importing it defines `<soft-phone>`; `createPhone` makes the same phone
 * without a face.
 */
import { Phone } from './call/phone.ts';
import { BrowserMedia } from './media/browser-media.ts';
import { TonePlayer } from './media/tone-player.ts';
import { ProvisioningClient } from './provisioning/client.ts';
import { SipLine } from './sip/sip-line.ts';
import { SoftPhoneElement } from './ui/soft-phone.ts';

export { Call } from './call/call.ts';
export type { CallDirection, CallStatus } from './call/call-state.ts';
export type { EndReason } from './call/end-reason.ts';
export { Phone } from './call/phone.ts';
export type * from './call/ports.ts';
export type * from './call/snapshot.ts';
export type { Moment } from './call/timeline.ts';

export interface PhoneOptions {
  /** The provisioning API's address, without a slash at its end. `/v1` where not given. */
  readonly api?: string;
  /** `relay` sends all media through TURN. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
}

/** A phone in this browser, not yet started (see `Phone.start`). */
export function createPhone({ api, iceTransportPolicy }: PhoneOptions = {}): Phone {
  return new Phone({
    provisioning: new ProvisioningClient(api),
    media: new BrowserMedia(iceTransportPolicy),
    tones: new TonePlayer(),
    openLine: (identity, listener) => new SipLine(identity, listener),
    now: () => Date.now(),
  });
}

/**
 * `<soft-phone>`: the telephone as an element. Its `api` attribute is the provisioning API's address,
 * read when the element is first connected or its `phone` first asked for.
 */
export class SoftPhone extends SoftPhoneElement {
  #phone: Phone | undefined;
  #started = false;

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
