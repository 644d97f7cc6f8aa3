import { candidatesOf, trimCandidates } from './ice-policy.ts';
import { untilThereIsANetwork } from './network.ts';

/** What is needed of an `RTCPeerConnection`. */
export interface RestartingPeer {
  readonly localDescription: Pick<RTCSessionDescription, 'sdp'> | null;
  restartIce(): void;
  createOffer(): Promise<RTCSessionDescriptionInit>;
  setLocalDescription(offer: RTCSessionDescriptionInit): Promise<void>;
}

/**
 * ICE restart (RFC 8445 §9) whose offer is sent before it is in force.
 *
 * In force, it has the browser gather, and check at once whether the far end's candidates of before can be reached from
 * what it finds. The gateway hears of the restart with the offer, up to then answers these checks from the session that it
 * had, and Chromium then keeps such a pair and makes no other one of the same two addresses: sound is gone for good. So the
 * gateway is asked first; when it has answered, it knows none but the new session.
 */
export class IceRestart {
  readonly #peer: RestartingPeer;
  readonly #network: () => Promise<void>;
  #isAsked = false;
  #offer: RTCSessionDescriptionInit | undefined;
  #count = 0;

  /** @param network resolves when there is one */
  constructor(peer: RestartingPeer, network: () => Promise<void> = untilThereIsANetwork) {
    this.#peer = peer;
    this.#network = network;
  }

  /** The next offer shall be a restart. */
  ask(): void {
    this.#peer.restartIce();
    this.#isAsked = true;
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  /**
   * The offer to send.
   * @throws NoCandidateError when the browser finds no network
   */
  async describe(): Promise<string> {
    await this.#network();
    this.#offer = await this.#peer.createOffer();
    this.#count += 1;
    return withCandidatesOfBefore(
      this.#offer.sdp ?? '',
      trimCandidates(this.#peer.localDescription?.sdp ?? ''),
      this.#count,
    );
  }

  /** Puts the offer in force that was sent, if any: its answer has come. */
  async enforce(): Promise<void> {
    const offer = this.#offer;
    if (offer === undefined) return;
    this.#offer = undefined;
    this.#isAsked = false;
    await this.#peer.setLocalDescription(offer);
  }

  /**
   * The offer that was sent, if any, came to nothing.
   * @returns whether there was one
   */
  withdraw(): boolean {
    const was = this.#offer !== undefined;
    this.#offer = undefined;
    return was;
  }
}

/**
 * An offer without addresses, with those of the description before. The gateway does not begin without candidates, and
 * keeps its session where it has just these already, so they get another foundation. It learns those that can be used from
 * our checks (peer-reflexive candidates, RFC 8445 §7.3.1.3).
 * @param count of restarts, this one included
 */
export function withCandidatesOfBefore(offer: string, before: string, count: number): string {
  const address = /^c=.*$/m.exec(before)?.[0].trimEnd();
  const port = /^m=audio (\d+)/m.exec(before)?.[1];
  const candidates = candidatesOf(before).map(({ text }) => `a=candidate:r${count}${text}\r\n`);
  return (
    offer
      .replace(/^c=.*$/m, (line) => (address === undefined ? line : line.replace(line.trimEnd(), address)))
      .replace(/^(m=audio )\d+/m, (line, media) => (port === undefined ? line : `${media}${port}`)) +
    candidates.join('')
  );
}
