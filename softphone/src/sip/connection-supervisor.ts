import {
  type ConnectionEvent,
  type ConnectionState,
  type ConnectionStatus,
  nextConnection,
  retryDelay,
  STOPPED,
} from '../call/connection-state.ts';

/** What the supervisor drives: one socket at a time and the registration over it. */
export interface Connection {
  /** Opens a new socket. Rejects when it does not open. */
  open(): Promise<void>;
  /** Is done with the socket now, whether or not the other end hears of it. */
  drop(): void;
  /** Registers over the open socket and keeps it registered. */
  register(): Promise<'registered' | 'refused' | 'failed'>;
}

export interface SupervisorTimers {
  set(work: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** A socket that takes longer is given up; each failure in a row doubles the patience, for slow networks. */
const OPEN_PATIENCE_MS = 2_000;
const LONGEST_OPEN_PATIENCE_MS = 8_000;
/** A gateway that is still booting swallows a REGISTER without a word. */
const REGISTER_PATIENCE_MS = 2_000;

/**
 * Keeps one connection to the gateway: opens, registers, notices the end, comes back, without end.
 * What it does follows from `ConnectionState`; it never touches a call.
 */
export class ConnectionSupervisor {
  readonly #connection: Connection;
  readonly #onChange: (status: ConnectionStatus, wasReady: boolean) => void;
  readonly #timers: SupervisorTimers;
  readonly #random: () => number;
  #state: ConnectionState = STOPPED;
  #timer: unknown;
  /** Told apart so that a late answer to an attempt that was given up changes nothing. */
  #attempt = 0;

  constructor(
    connection: Connection,
    onChange: (status: ConnectionStatus, wasReady: boolean) => void,
    timers: SupervisorTimers = {
      set: (work, ms) => setTimeout(work, ms),
      clear: (timer) => clearTimeout(timer as number),
    },
    random: () => number = Math.random,
  ) {
    this.#connection = connection;
    this.#onChange = onChange;
    this.#timers = timers;
    this.#random = random;
  }

  get status(): ConnectionStatus {
    return this.#state.status;
  }

  /** Starts, or starts again after a refusal. */
  start(): void {
    this.#take('start');
  }

  stop(): void {
    this.#take('stop');
  }

  /** Now is a good moment to try: the network is back, the page is in view again. */
  nudge(): void {
    this.#take('due');
  }

  /** The socket closed by itself. */
  lost(): void {
    this.#take('lost');
  }

  /** A refresh of the registration came to an end. */
  refreshed(outcome: 'registered' | 'refused' | 'failed'): void {
    this.#take(outcome);
  }

  #take(event: ConnectionEvent): void {
    const before = this.#state;
    this.#state = nextConnection(before, event);
    if (this.#state === before) return;
    this.#timers.clear(this.#timer);
    this.#act();
    this.#onChange(this.#state.status, this.#state.wasReady);
  }

  #act(): void {
    switch (this.#state.status) {
      case 'connecting':
        this.#open();
        break;
      case 'registering':
        this.#register();
        break;
      case 'waiting':
        this.#attempt += 1;
        this.#connection.drop();
        this.#after(retryDelay(this.#state.failures, this.#random()), 'due');
        break;
      case 'refused':
      case 'stopped':
        this.#attempt += 1;
        this.#connection.drop();
        break;
      case 'ready':
        break;
    }
  }

  #open(): void {
    const attempt = ++this.#attempt;
    const patience = Math.min(OPEN_PATIENCE_MS * 2 ** this.#state.failures, LONGEST_OPEN_PATIENCE_MS);
    this.#after(patience, 'failed');
    this.#connection.open().then(
      () => this.#takeOf(attempt, 'opened'),
      () => this.#takeOf(attempt, 'failed'),
    );
  }

  #register(): void {
    const attempt = this.#attempt;
    this.#after(REGISTER_PATIENCE_MS, 'failed');
    this.#connection.register().then(
      (outcome) => this.#takeOf(attempt, outcome),
      () => this.#takeOf(attempt, 'failed'),
    );
  }

  #takeOf(attempt: number, event: ConnectionEvent): void {
    if (attempt === this.#attempt) this.#take(event);
  }

  #after(ms: number, event: ConnectionEvent): void {
    this.#timer = this.#timers.set(() => this.#take(event), ms);
  }
}
