import type { SoundProcessing } from '../call/devices.ts';
import type { Devices } from './devices.ts';
import type { PeerListener, PeerMedia } from './peer-media.ts';

/** The peer connections that there are, kept on the devices that are chosen: no far end notices a change. */
export class LivePeers implements PeerListener {
  readonly #devices: Devices;
  readonly #open: () => Promise<MediaStreamTrack>;
  readonly #peers = new Set<PeerMedia>();
  #key: string;
  #processing: SoundProcessing;
  /** Of two changes that overlap the later one counts. */
  #turn = 0;

  /** @param open opens the microphone that is to be used */
  constructor(devices: Devices, open: () => Promise<MediaStreamTrack>) {
    this.#devices = devices;
    this.#open = open;
    this.#key = devices.microphoneKey;
    this.#processing = devices.snapshot.processing;
    devices.subscribe(() => this.#devicesChanged());
  }

  add(peer: PeerMedia): void {
    this.#peers.add(peer);
    peer.playOn(this.#devices.sink('speaker'));
  }

  speaking(): void {
    this.#devices.watch(true);
  }

  closed(peer: PeerMedia): void {
    this.#peers.delete(peer);
    if (this.#speaking.length > 0) return;
    this.#devices.watch(false);
    this.#devices.setMicrophoneLost(false);
  }

  /** @throws MicrophoneError */
  async openMicrophone(): Promise<MediaStreamTrack> {
    for (;;) {
      const key = this.#devices.microphoneKey;
      const track = await this.#open();
      if (key === this.#devices.microphoneKey) return this.#watched(track);
      track.stop();
    }
  }

  get #speaking(): readonly PeerMedia[] {
    return [...this.#peers].filter((peer) => peer.speaks);
  }

  /** A track ends by itself when its device is unplugged. */
  #watched(track: MediaStreamTrack): MediaStreamTrack {
    track.addEventListener('ended', () => void this.#onUnplugged());
    return track;
  }

  async #onUnplugged(): Promise<void> {
    const turn = this.#turn;
    await this.#devices.look();
    if (turn === this.#turn) await this.#renewMicrophones();
  }

  #devicesChanged(): void {
    for (const peer of this.#peers) peer.playOn(this.#devices.sink('speaker'));
    const key = this.#devices.microphoneKey;
    const plugged = this.#devices.snapshot.microphoneLost && this.#devices.hasMicrophone;
    if (key === this.#key && !plugged) return;
    this.#key = key;
    this.#letGoToProcessAnew();
    void this.#renewMicrophones();
  }

  /** Chromium opens a microphone that is in use already with the processing that it has, whatever it is asked for. */
  #letGoToProcessAnew(): void {
    const { processing } = this.#devices.snapshot;
    if (processing === this.#processing) return;
    this.#processing = processing;
    for (const peer of this.#speaking) peer.fallSilent();
  }

  async #renewMicrophones(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    for (const peer of this.#speaking) {
      const track = await this.openMicrophone().catch(() => undefined);
      if (track === undefined) {
        this.#devices.setMicrophoneLost(this.#speaking.length > 0);
        return;
      }
      if (turn !== this.#turn || !this.#peers.has(peer)) {
        track.stop();
        continue;
      }
      await peer.speak(track).catch(() => track.stop());
      this.#devices.setMicrophoneLost(false);
    }
  }
}
