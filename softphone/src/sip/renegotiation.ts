import { RequestPendingError, type Session, SessionState } from 'sip.js';

/** Both sides asked at the same moment (RFC 3261 §14.2). */
const GLARE = 491;
const OTHER_RETRY_MS = 1_000;
const MOST_RETRIES = 4;

type Outcome = 'agreed' | 'glare' | 'refused';

/**
 * Milliseconds until a re-INVITE that met another is tried again (RFC 3261 §14.1): between 2.1 and 4 s for
 * the side that made the Call-ID, up to 2 s for the other, in steps of 10 ms.
 * @param random a number from 0 to 1
 */
export function glareDelay(ownsCallId: boolean, random: number): number {
  const [least, span] = ownsCallId ? [2_100, 1_900] : [0, 2_000];
  return least + Math.floor((random * span) / 10) * 10;
}

export interface RenegotiationListener {
  agreed(): void;
  /** The far end will not have it. */
  refused(): void;
}

/**
 * Brings a call's session to what its media want now (hold, resume, another path), by re-INVITEs one after the
 * other. What is asked for while there is no connection is done when there is one.
 */
export class Renegotiation {
  readonly #session: Session;
  readonly #ownsCallId: boolean;
  readonly #listener: RenegotiationListener;
  #wanted = false;
  #running = false;

  constructor(session: Session, ownsCallId: boolean, listener: RenegotiationListener) {
    this.#session = session;
    this.#ownsCallId = ownsCallId;
    this.#listener = listener;
  }

  ask(): void {
    this.#wanted = true;
    void this.go();
  }

  /** Does what is asked for, if it can be done now. */
  async go(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    let retries = 0;
    while (this.#wanted && this.#canSend) {
      this.#wanted = false;
      const outcome = await this.#invite();
      if (outcome === 'agreed') {
        this.#listener.agreed();
        continue;
      }
      retries += 1;
      if (outcome === 'refused' && retries > MOST_RETRIES) {
        this.#listener.refused();
        break;
      }
      this.#wanted = true;
      await later(outcome === 'glare' ? glareDelay(this.#ownsCallId, Math.random()) : OTHER_RETRY_MS);
    }
    this.#running = false;
  }

  get #canSend(): boolean {
    return this.#session.state === SessionState.Established && this.#session.userAgent.isConnected();
  }

  #invite(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#session
        .invite({
          requestDelegate: {
            onAccept: () => resolve('agreed'),
            onReject: ({ message }) => resolve(message.statusCode === GLARE ? 'glare' : 'refused'),
            onRedirect: () => resolve('refused'),
          },
        })
        .catch((error) => resolve(error instanceof RequestPendingError ? 'glare' : 'refused'));
    });
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
