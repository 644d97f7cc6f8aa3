import type { SupervisorTimers } from './connection-supervisor.ts';

export interface LivenessListener {
  /** Sends something that the gateway answers. */
  ask(): void;
  /** The last answer is older than a minute: whether there is a connection is not known. */
  stale(): void;
  /** The gateway answered. */
  answered(): void;
  /** It did not. */
  silent(): void;
}

/** Between an answer and the next question. With the patience below, a dead path is noticed within 5 s. */
const PAUSE_MS = 3_000;
const PATIENCE_MS = 2_000;
/** For those who look at the phone right now, or have just come back to it. */
const SHORT_PATIENCE_MS = 1_000;
/** Where there is a sign already that the path is gone: several times what an answer took of late, and between these. */
const SUSPICIOUS_TIMES = 4;
const FORGETTING = 0.8;
const SUSPICIOUS_PATIENCE_MS = { least: 400, most: SHORT_PATIENCE_MS } as const;
const FRESH_MS = 60_000;

/**
 * Whether the gateway is there, by asking it again and again. A WebSocket alone can't tell: on a path that
 * swallows everything it stays open for minutes.
 */
export class Liveness {
  readonly #listener: LivenessListener;
  readonly #timers: SupervisorTimers;
  readonly #now: () => number;
  #timer: unknown;
  #lastAnswer = 0;
  #askedAt: number | undefined;
  /** While a question is open: when the patience ends. */
  #until = 0;
  /** Of the last answers, in ms; a slow one is forgotten slowly. */
  #roundTrip = 0;
  #running = false;

  /** @param now milliseconds of a clock that goes on while the machine sleeps */
  constructor(listener: LivenessListener, timers: SupervisorTimers, now: () => number = () => Date.now()) {
    this.#listener = listener;
    this.#timers = timers;
    this.#now = now;
  }

  /** The gateway has just answered a REGISTER. */
  start(): void {
    this.#running = true;
    this.#rest();
  }

  stop(): void {
    this.#running = false;
    this.#askedAt = undefined;
    this.#timers.clear(this.#timer);
  }

  answered(): void {
    if (!this.#running) return;
    if (this.#askedAt !== undefined) {
      this.#roundTrip = Math.max(this.#now() - this.#askedAt, this.#roundTrip * FORGETTING);
      this.#askedAt = undefined;
    }
    this.#rest();
    this.#listener.answered();
  }

  /** Asks now, with little patience. */
  check(): void {
    if (this.#running) this.#ask(SHORT_PATIENCE_MS);
  }

  /** Asks now, because something else says that the path is gone. */
  suspect(): void {
    const { least, most } = SUSPICIOUS_PATIENCE_MS;
    const patience = Math.min(Math.max(SUSPICIOUS_TIMES * this.#roundTrip, least), most);
    if (this.#running) this.#ask(patience);
  }

  #rest(): void {
    this.#lastAnswer = this.#now();
    this.#timers.clear(this.#timer);
    this.#timer = this.#timers.set(() => this.#ask(PATIENCE_MS), PAUSE_MS);
  }

  #ask(patience: number): void {
    const now = this.#now();
    const isStale = now - this.#lastAnswer > FRESH_MS;
    if (isStale) this.#listener.stale();
    const until = now + (isStale ? Math.min(patience, SHORT_PATIENCE_MS) : patience);
    // A question that is open already is not given more time by another one. (Past its time: the machine slept.)
    const isOpen = this.#askedAt !== undefined && now < this.#until;
    this.#until = isOpen ? Math.min(this.#until, until) : until;
    if (!isOpen) this.#askedAt = now;
    this.#timers.clear(this.#timer);
    this.#timer = this.#timers.set(() => this.#listener.silent(), this.#until - now);
    this.#listener.ask();
  }
}
