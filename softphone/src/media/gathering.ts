import { candidatesOf, isEnough } from './ice-policy.ts';

/** A description without any candidate is of no use; a browser that finds none says so after this long. */
const GATHERING_LIMIT_MS = 3_000;
/** Hidden addresses are sent, for want of better, when nothing else has come up by then. */
const HIDDEN_ONLY_LIMIT_MS = 300;
/** Several times a second: a browser learns of another address half a second after the change, or two. */
const GATHER_AGAIN_MS = 100;
/** The candidates of one machine's networks are found one right after the other. */
const SETTLED_MS = 25;
/** Found ahead, they are told one right after the other. */
const SETTLED_AHEAD_MS = 4;

/** No candidate at all was found: there is no network for media. */
export class NoCandidateError extends Error {
  override readonly name = 'NoCandidateError';
  constructor() {
    super('The browser found no network address for media');
  }
}

/** What is needed of an `RTCPeerConnection`. */
export type GatheringPeer = Pick<
  RTCPeerConnection,
  | 'localDescription'
  | 'iceGatheringState'
  | 'signalingState'
  | 'restartIce'
  | 'addEventListener'
  | 'removeEventListener'
> & { setLocalDescription(): Promise<void> };

/** The candidates of one peer connection, as far as a description waits for them. */
export class Gathering {
  readonly #peer: GatheringPeer;
  /** When the browser last told of one, as of `performance.now()`. */
  #candidateAt = Number.NEGATIVE_INFINITY;

  constructor(peer: GatheringPeer) {
    this.#peer = peer;
    peer.addEventListener('icecandidate', () => {
      this.#candidateAt = performance.now();
    });
  }

  /**
   * Resolves when there are candidates enough: mostly at once (see `ice-policy.ts`).
   * @param ahead the browser has looked for them while it rang
   * @throws NoCandidateError
   */
  async done(ahead = false): Promise<void> {
    const began = performance.now();
    while (!this.#enough(false)) {
      const waited = performance.now() - began;
      if (waited >= HIDDEN_ONLY_LIMIT_MS && this.#enough(true)) return;
      if (waited >= GATHERING_LIMIT_MS) throw new NoCandidateError();
      if (!(await this.#more(GATHER_AGAIN_MS))) await this.#again();
    }
    await this.#settled(ahead ? SETTLED_AHEAD_MS : SETTLED_MS);
  }

  #enough(last: boolean): boolean {
    const { localDescription, iceGatheringState } = this.#peer;
    return isEnough(candidatesOf(localDescription?.sdp ?? ''), last || iceGatheringState === 'complete');
  }

  /**
   * What is found a moment later should still go along: the gateway may not take a path from a candidate that it
   * was not told of. No server is waited for.
   */
  async #settled(settledMs: number): Promise<void> {
    const rest = () => this.#candidateAt + settledMs - performance.now();
    while (this.#peer.iceGatheringState !== 'complete' && rest() > 0) await this.#more(rest());
  }

  /** @returns whether the browser has said something of its candidates within so many milliseconds */
  #more(patienceMs: number): Promise<boolean> {
    const peer = this.#peer;
    return new Promise((resolve) => {
      const end = (more: boolean) => {
        clearTimeout(timer);
        peer.removeEventListener('icecandidate', told);
        peer.removeEventListener('icegatheringstatechange', told);
        resolve(more);
      };
      const told = () => end(true);
      const timer = setTimeout(() => end(false), patienceMs);
      peer.addEventListener('icecandidate', told);
      peer.addEventListener('icegatheringstatechange', told);
    });
  }

  /** A browser whose network has just changed may not know it for a second: it finds nothing, and looks no further. */
  async #again(): Promise<void> {
    const { iceGatheringState, signalingState } = this.#peer;
    if (iceGatheringState !== 'complete' || signalingState !== 'have-local-offer') return;
    this.#peer.restartIce();
    await this.#peer.setLocalDescription();
  }
}
