import type { Codec } from '@handset/gateway-config';
import type { Key } from '../call/dialled.ts';
import type { CallMedia, MediaPath } from '../call/media-port.ts';
import { codecsOf, offerOnly, prepareToOffer, withOpusFec } from './codec-order.ts';
import { FarEnd } from './far-end.ts';
import { Gathering } from './gathering.ts';
import { iceUser, rankByGeneration, trimCandidates, withholdCandidates } from './ice-policy.ts';
import { IceRestart } from './ice-restart.ts';
import { countSignsOfLife } from './signs-of-life.ts';

/** A handshake that takes this long on a path that is there goes unheard. */
const HANDSHAKE_PATIENCE_MS = 1_500;
/** Long enough for any exchange (ITU-T Q.24 asks for 40 ms), short enough for quick fingers. */
const TONE_MS = 120;
const TONE_GAP_MS = 70;

const PATHS: Readonly<Partial<Record<RTCPeerConnectionState, MediaPath>>> = {
  connected: 'found',
  disconnected: 'lost',
  failed: 'given-up',
};

/** Who keeps the account of peer connections. */
export interface PeerListener {
  /** It has a microphone. */
  speaking(peer: PeerMedia): void;
  /** The call has let go of it. */
  closed(peer: PeerMedia): void;
}

/** One call's peer connection, its microphone and its sound. */
export class PeerMedia implements CallMedia {
  readonly peerConnection: RTCPeerConnection;
  readonly #listener: PeerListener;
  /** All that an offer may have. */
  readonly #codecs: readonly Codec[];
  /** What an offer to the far end has, before anything is agreed on. */
  #offered: readonly Codec[];
  readonly #farEnd = new FarEnd();
  readonly #gathering: Gathering;
  readonly #restart: IceRestart;
  #microphone: MediaStreamTrack | undefined;
  #muted = false;
  #held = false;
  /** Keypad tones that wait for the path for media. */
  #tones = '';
  #offer: Promise<void> | undefined;
  #accepted: { readonly sdp: string; readonly done: Promise<void> } | undefined;
  /** The far end's candidates, where the answer is ready and not sent yet. */
  #withheld: readonly string[] | undefined;
  /** How many times ICE was restarted. */
  #generation = 0;

  /** @param codecs all that an offer may have, the best first; an answer leaves the choice to the far end's offer */
  constructor(configuration: RTCConfiguration, codecs: readonly Codec[], listener: PeerListener) {
    this.#listener = listener;
    this.#codecs = codecs;
    this.#offered = codecs;
    this.peerConnection = new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
      ...configuration,
    });
    this.#gathering = new Gathering(this.peerConnection);
    this.#restart = new IceRestart(this.peerConnection);
    this.peerConnection.addEventListener('track', (event) => void this.#farEnd.hear(event));
    this.peerConnection.addEventListener('connectionstatechange', () => this.#sendTones());
  }

  get codecs(): readonly Codec[] {
    const agreed = codecsOf(this.peerConnection.remoteDescription?.sdp ?? '', this.#codecs);
    return agreed.length > 0 ? agreed : this.#offered;
  }

  /** Of all codecs that are ready to be offered, the call is to have these. Before `describe`. */
  offer(codecs: readonly Codec[]): void {
    this.#offered = codecs;
  }

  /** Makes the offer and lets the browser gather candidates for it, ahead of the call. */
  warm(): Promise<void> {
    this.#offer ??= this.#makeOffer();
    return this.#offer;
  }

  /**
   * The description to send: an offer, or the answer to the offer that `accept` took.
   * @throws NoCandidateError
   */
  async describe(): Promise<string> {
    const peer = this.peerConnection;
    if (peer.signalingState === 'stable' && this.#restart.isAsked)
      return offerOnly(await this.#restart.describe(), this.codecs);
    // A call that rang has had time to gather; an offer in mid-call may ask for another path.
    const ahead = this.#withheld !== undefined;
    if (ahead) this.#release();
    else if (peer.signalingState === 'have-remote-offer') await this.#makeAnswer();
    else if (peer.signalingState === 'stable' && peer.localDescription !== null)
      await peer.setLocalDescription();
    else await this.warm();
    await this.#gathering.done(ahead);
    this.#accepted = undefined;
    const { type, sdp = '' } = peer.localDescription ?? {};
    const trimmed = trimCandidates(sdp);
    return type === 'offer' ? offerOnly(trimmed, this.codecs) : trimmed;
  }

  /** Takes the far end's description: the answer to our offer, or an offer. One that is taken already stays. */
  accept(sdp: string): Promise<void> {
    if (this.#accepted?.sdp === sdp) return this.#accepted.done;
    const done = this.#take(sdp);
    this.#accepted = { sdp, done };
    return done;
  }

  /**
   * Takes the offer of a call that rings, and gets the answer ready: in force here, with all that the browser sets up and
   * gathers for it. Without the far end's candidates nothing goes out; the browser is told them when the answer is.
   */
  prepareAnswer(offer: string): Promise<void> {
    // Firefox gives up a path that has no candidates after five seconds. It is the one that has no pool of its own ones.
    if (this.peerConnection.getConfiguration().iceCandidatePoolSize === undefined) return this.accept(offer);
    const { sdp, candidates } = withholdCandidates(rankByGeneration(offer, this.#generation));
    const done = this.#take(sdp).then(async () => {
      await this.#makeAnswer();
      this.#withheld = candidates;
    });
    this.#accepted = { sdp: offer, done };
    return done;
  }

  #release(): void {
    for (const candidate of this.#withheld ?? [])
      this.peerConnection.addIceCandidate({ candidate, sdpMLineIndex: 0 }).catch(() => undefined);
    this.#withheld = undefined;
  }

  async #take(sdp: string): Promise<void> {
    const peer = this.peerConnection;
    await this.#restart.enforce();
    const type = peer.signalingState === 'have-local-offer' ? 'answer' : 'offer';
    const remote = peer.remoteDescription;
    if (remote !== null && iceUser(remote.sdp) !== iceUser(sdp)) this.#generation += 1;
    await peer.setRemoteDescription({ type, sdp: rankByGeneration(withOpusFec(sdp), this.#generation) });
  }

  get described(): string | undefined {
    const sdp = this.peerConnection.currentLocalDescription?.sdp;
    return sdp === undefined ? undefined : offerOnly(sdp, this.codecs);
  }

  async rollback(): Promise<void> {
    if (this.#restart.withdraw()) return;
    await this.peerConnection.setLocalDescription({ type: 'rollback' });
  }

  /** Whether it has a microphone. */
  get speaks(): boolean {
    return this.#microphone !== undefined;
  }

  /** The one before, if any, goes on until the new one is in its place. No offer is needed for it. */
  async speak(microphone: MediaStreamTrack): Promise<void> {
    const before = this.#microphone;
    this.#microphone = microphone;
    this.#applySilence();
    this.#listener.speaking(this);
    // Refused where the call rang on a page that nobody had touched yet; now it captures a microphone.
    this.#farEnd.play();
    await this.#sender?.replaceTrack(microphone);
    before?.stop();
  }

  /** Lets go of the microphone, until `speak` gives it another. */
  fallSilent(): void {
    this.#microphone?.stop();
  }

  /** @param device as `setSinkId` takes it */
  playOn(device: string): void {
    this.#farEnd.playOn(device);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#applySilence();
  }

  /** `sendonly` is hold (RFC 3264 §8.4). What is sent meanwhile is silence; the far end hears the gateway's music. */
  setHeld(held: boolean): void {
    this.#held = held;
    this.#applySilence();
    const [transceiver] = this.peerConnection.getTransceivers();
    if (transceiver !== undefined) transceiver.direction = held ? 'sendonly' : 'sendrecv';
  }

  #applySilence(): void {
    if (this.#microphone !== undefined) this.#microphone.enabled = !this.#muted && !this.#held;
    this.#farEnd.setHeld(this.#held);
  }

  sendTones(keys: readonly Key[]): void {
    this.#tones += keys.join('');
    this.#sendTones();
  }

  /** Not before the path for media is up: the browser would take tones and lose them without a word. */
  #sendTones(): void {
    const dtmf = this.#sender?.dtmf;
    if (this.#tones === '' || this.peerConnection.connectionState !== 'connected' || !dtmf?.canInsertDTMF)
      return;
    // `insertDTMF` replaces what is still to be sent, so what waits goes in again.
    dtmf.insertDTMF(dtmf.toneBuffer + this.#tones, TONE_MS, TONE_GAP_MS);
    this.#tones = '';
  }

  onFirstAudio(listener: (at: number) => void): void {
    this.#farEnd.onFirstAudio(listener);
  }

  onQuiet(listener: (ms: number) => void): void {
    this.#farEnd.onQuiet(listener);
  }

  get quiet(): boolean {
    return this.#farEnd.quiet;
  }

  signsOfLife(): Promise<number> {
    return countSignsOfLife(this.peerConnection);
  }

  onPath(listener: (path: MediaPath) => void): void {
    this.peerConnection.addEventListener('connectionstatechange', () => {
      const path = PATHS[this.peerConnection.connectionState];
      if (path !== undefined) listener(path);
    });
    this.#onUnheardHandshake(() => listener('lost'));
  }

  /**
   * The gateway takes a DTLS handshake from a candidate that it was told of, or that was checked before its ICE was
   * done. A browser may find a path from a later one better: then both have a path, and the handshake goes unheard.
   */
  #onUnheardHandshake(listener: () => void): void {
    const peer = this.peerConnection;
    let timer: ReturnType<typeof setTimeout> | undefined;
    peer.addEventListener('iceconnectionstatechange', () => {
      clearTimeout(timer);
      if (peer.iceConnectionState !== 'connected') return;
      timer = setTimeout(() => {
        if (peer.connectionState === 'connecting') listener();
      }, HANDSHAKE_PATIENCE_MS);
    });
  }

  restartIce(): void {
    this.#restart.ask();
  }

  close(): void {
    this.#farEnd.stop();
    this.#microphone?.stop();
    this.peerConnection.close();
    this.#listener.closed(this);
  }

  get #sender(): RTCRtpSender | undefined {
    return this.peerConnection.getTransceivers()[0]?.sender;
  }

  async #makeOffer(): Promise<void> {
    const transceiver = this.peerConnection.addTransceiver('audio', {
      direction: this.#held ? 'sendonly' : 'sendrecv',
    });
    prepareToOffer(transceiver, this.#codecs);
    await this.peerConnection.setLocalDescription();
  }

  async #makeAnswer(): Promise<void> {
    const [transceiver] = this.peerConnection.getTransceivers();
    if (transceiver !== undefined) {
      // Made by the remote offer, it would only listen.
      if (transceiver.direction === 'recvonly') transceiver.direction = 'sendrecv';
      if (this.#microphone !== undefined) await transceiver.sender.replaceTrack(this.#microphone);
    }
    await this.peerConnection.setLocalDescription();
  }
}
