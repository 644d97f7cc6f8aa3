import { Phone } from './call/phone.ts';
import type { HeadStart } from './head-start.ts';
import { BrowserMedia } from './media/browser-media.ts';
import { Devices } from './media/devices.ts';
import { LazyQuality } from './media/lazy-quality.ts';
import { TonePlayer } from './media/tone-player.ts';
import { DEFAULT_API, ProvisioningClient } from './provisioning/client.ts';
import { SipLine } from './sip/sip-line.ts';
import { BrowserTabs } from './tabs/browser-tabs.ts';
import { CallMemory } from './tabs/call-memory.ts';
import { SharedPhone } from './tabs/shared-phone.ts';

export interface PhoneOptions {
  /** The provisioning API's address, without a slash at its end. `/v1` where not given. */
  readonly api?: string;
  /** `relay` sends all media through TURN. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** What the page has begun already. */
  readonly headStart?: HeadStart;
}

/** A phone in this browser, not yet started (see `Phone.start`). All tabs of its origin are one telephone. */
export function createPhone({ api = DEFAULT_API, iceTransportPolicy, headStart }: PhoneOptions = {}): Phone {
  const devices = new Devices();
  const provisioning = new ProvisioningClient(api, headStart?.config);
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
