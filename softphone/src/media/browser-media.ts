import type { Codec } from '@handset/gateway-config';
import {
  type CallMedia,
  type MediaConfig,
  type MediaPort,
  type MicrophoneState,
  UNCONFIGURED,
} from '../call/media-port.ts';
import type { Devices } from './devices.ts';
import { LivePeers } from './live-peers.ts';
import { Microphone } from './microphone.ts';
import { PeerMedia } from './peer-media.ts';
import { WarmPeer } from './warm-peer.ts';

/** How long a hidden page keeps its peer connection ready. */
const HIDDEN_PATIENCE_MS = 60_000;

/**
 * The browser's media for the phone.
 *
 * A peer connection is kept ready only while the microphone is allowed and the page is (or was just
 * now) in view. Before it is allowed a call has to wait for the person anyway, and browsers hide host
 * addresses until then.
 */
export class BrowserMedia implements MediaPort {
  readonly #microphone: Microphone;
  readonly #peers: LivePeers;
  readonly #warm: WarmPeer<PeerMedia>;
  readonly #relayOnly: boolean;
  #config: MediaConfig = UNCONFIGURED;
  #wanted = false;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param policy `relay` sends all media through TURN, whatever the configuration says */
  constructor(devices: Devices, policy: RTCIceTransportPolicy = 'all') {
    this.#relayOnly = policy === 'relay';
    this.#microphone = new Microphone(devices);
    this.#peers = new LivePeers(devices, () => this.#microphone.open());
    this.#warm = new WarmPeer(() => this.#make());
    this.#microphone.onChange(() => this.#keepWarm());
    document.addEventListener('visibilitychange', () => this.#visibilityChanged());
    // The addresses that were gathered belong to the old network.
    globalThis.addEventListener('online', () => this.#keepWarm());
  }

  get microphone(): MicrophoneState {
    return this.#microphone.state;
  }

  get microphoneIsSure(): boolean {
    return this.#microphone.isSure;
  }

  onMicrophoneChange(listener: () => void): void {
    this.#microphone.onChange(listener);
  }

  openMicrophone(): Promise<MediaStreamTrack> {
    return this.#peers.openMicrophone();
  }

  prepare(config: MediaConfig): void {
    this.#config = config;
    this.#wanted = true;
    this.#keepWarm();
  }

  rest(): void {
    this.#wanted = false;
    this.#warm.rest();
  }

  outgoing(codecs?: readonly Codec[]): CallMedia {
    const peer = this.#warm.take();
    if (codecs !== undefined) peer.offer(codecs);
    return peer;
  }

  incoming(): CallMedia {
    return this.#make();
  }

  /** Without a pool of candidates: Chromium loses those of one that is put to use while they are being gathered. */
  #make(): PeerMedia {
    const configuration = {
      iceServers: [...this.#config.iceServers],
      iceTransportPolicy: this.#relayOnly ? ('relay' as const) : this.#config.iceTransportPolicy,
    };
    const peer = new PeerMedia(configuration, this.#config.codecs, this.#peers);
    this.#peers.add(peer);
    return peer;
  }

  #keepWarm(): void {
    if (this.#wanted && this.#microphone.state === 'granted' && !document.hidden) this.#warm.keep();
  }

  #visibilityChanged(): void {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = setTimeout(() => this.#warm.rest(), HIDDEN_PATIENCE_MS);
    else this.#keepWarm();
  }
}
