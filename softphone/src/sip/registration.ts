import { Registerer, RegistererState, type UserAgent } from 'sip.js';

export type RegistrationOutcome = 'registered' | 'refused' | 'failed';

/** Seconds that the gateway is asked to keep a registration; it may grant fewer. */
const EXPIRES_S = 300;
/** The part of its life after which a registration is refreshed. */
const REFRESH_AFTER = 0.6;
/** An unregistration is a courtesy: the gateway forgets us anyway when the socket closes. */
const UNREGISTER_PATIENCE_MS = 1_000;
/** The gateway does not know the credential (any more). Anything else may pass. */
const REFUSALS: readonly (number | undefined)[] = [401, 403, 404];

/** One registration over one socket. After the socket it is of no use: a new socket, a new registration. */
export class Registration {
  readonly #registerer: Registerer;
  readonly #onRefresh: (outcome: RegistrationOutcome) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By the clock on the wall, in milliseconds since the epoch. */
  #dueAt = Number.POSITIVE_INFINITY;
  #isDoubted = false;
  #over = false;

  /** @param onRefresh how each refresh went */
  constructor(userAgent: UserAgent, onRefresh: (outcome: RegistrationOutcome) => void) {
    this.#onRefresh = onRefresh;
    // sip.js refreshes by itself, but tells nobody how that went. We do it before it would.
    this.#registerer = new Registerer(userAgent, {
      expires: EXPIRES_S,
      refreshFrequency: 99,
      logConfiguration: false,
    });
  }

  async register(): Promise<RegistrationOutcome> {
    const outcome = await this.#request();
    if (outcome === 'registered' && !this.#over) this.#refreshLater();
    return outcome;
  }

  /** Forgets it, with no word to the gateway. To be called once its socket is gone. */
  abandon(): void {
    this.#end();
    this.#registerer.dispose().catch(() => undefined);
  }

  /** Takes it back; resolves when the gateway has confirmed, or has had time enough to. */
  async withdraw(): Promise<void> {
    this.#end();
    if (this.#registerer.state !== RegistererState.Registered) return;
    await new Promise<void>((resolve) => {
      const done = () => resolve();
      setTimeout(done, UNREGISTER_PATIENCE_MS);
      this.#registerer.unregister({ requestDelegate: { onAccept: done, onReject: done } }).catch(done);
    });
  }

  #request(): Promise<RegistrationOutcome> {
    return new Promise((resolve) => {
      // A 200 that names no contact of ours reaches no delegate: it shows in the state alone.
      this.#registerer.stateChange.addListener(
        (state) => setTimeout(() => resolve(state === RegistererState.Registered ? 'registered' : 'failed')),
        { once: true },
      );
      this.#registerer
        .register({
          requestDelegate: {
            onAccept: () => resolve('registered'),
            onReject: ({ message }) => resolve(REFUSALS.includes(message.statusCode) ? 'refused' : 'failed'),
          },
        })
        .catch(() => resolve('failed'));
    });
  }

  /** Timers of a machine that slept are late; the clock on the wall is not. To be called now and then. */
  refreshIfDue(): void {
    if (Date.now() >= this.#dueAt) this.refreshNow();
  }

  /** Finds out whether the gateway still knows us; where a request is under way, with one more after it. */
  refreshNow(): void {
    if (this.#over) return;
    this.#isDoubted = this.#dueAt === Number.POSITIVE_INFINITY;
    if (this.#isDoubted) return;
    clearTimeout(this.#timer);
    void this.#refresh();
  }

  #refreshLater(): void {
    const granted = this.#registerer.contacts.map((contact) => Number(/;expires=(\d+)/i.exec(contact)?.[1]));
    const seconds = Math.min(EXPIRES_S, ...granted.filter((expires) => expires > 0));
    const wait = this.#isDoubted ? 0 : seconds * REFRESH_AFTER * 1_000;
    this.#isDoubted = false;
    this.#dueAt = Date.now() + wait;
    this.#timer = setTimeout(() => void this.#refresh(), wait);
  }

  async #refresh(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    const outcome = await this.register();
    if (!this.#over) this.#onRefresh(outcome);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
