import { Phone } from './call/phone.ts';
import type { HeadStart } from './head-start.ts';
import { BrowserMedia } from './media/browser-media.ts';
import { Devices } from './media/devices.ts';
import { LazyQuality } from './media/lazy-quality.ts';
import { TonePlayer } from './media/tone-player.ts';
import { DEFAULT_API, ProvisioningClient } from './provisioning/client.ts';
import type { PhoneToken } from './provisioning/phone-token.ts';
import { SipLine } from './sip/sip-line.ts';
import { BrowserTabs } from './tabs/browser-tabs.ts';
import { CallMemory } from './tabs/call-memory.ts';
import { SharedPhone } from './tabs/shared-phone.ts';

export interface PhoneOptions {
  /** The provisioning API's address, without a slash at its end. `/v1` where not given. */
  readonly api?: string;
  /** `relay` sends all media through TURN. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** In place of a sign-in, on a page of another origin. */
  readonly token?: PhoneToken;
  /** What the page has begun already. */
  readonly headStart?: HeadStart;
}

/** A phone in this browser, not yet started (see `Phone.start`). All tabs of its origin are one telephone. */
export function createPhone({
  api = DEFAULT_API,
  iceTransportPolicy,
  token,
  headStart,
}: PhoneOptions = {}): Phone {
  const devices = new Devices();
  const provisioning = new ProvisioningClient(api, { begun: headStart?.config, token });
  const phone = new Phone({
    provisioning,
    media: new BrowserMedia(devices, iceTransportPolicy),
    devices,
    quality: new LazyQuality(provisioning),
    tones: new TonePlayer(devices),
    memory: new CallMemory(),
    openLine: (identity, listener) => new SipLine(identity, listener, headStart),
    now: () => Date.now(),
  });
  return new SharedPhone(phone, new BrowserTabs(api, headStart?.leads), provisioning).face;
}
