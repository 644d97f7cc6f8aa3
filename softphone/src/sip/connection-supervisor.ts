import {
  type ConnectionEvent,
  type ConnectionState,
  type ConnectionStatus,
  nextConnection,
  retryDelay,
  STOPPED,
} from '../call/connection-state.ts';
import { Liveness } from './liveness.ts';

/** What the supervisor drives: one socket at a time and the registration over it. */
export interface Connection {
  /** How many addresses `open` tries in turn. */
  readonly addresses: number;
  /**
   * Opens a new socket: to the same address again after it worked, else to the next. Rejects when it does not open.
   * @param failures in a row before this attempt
   */
  open(failures: number): Promise<void>;
  /** Asks the gateway for a sign of life; its answer comes as `answered` of the supervisor. */
  probe(): void;
  /** Is done with the socket now, whether or not the other end hears of it. */
  drop(): void;
  /** Registers over the open socket and keeps it registered. */
  register(): Promise<'registered' | 'refused' | 'failed'>;
}

export interface SupervisorTimers {
  set(work: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/**
 * A socket that takes longer is given up; each round of failures doubles the patience, for slow networks. With
 * the pause that follows, the next address has its turn within 2 s.
 */
const OPEN_PATIENCE_MS = 1_500;
const LONGEST_OPEN_PATIENCE_MS = 8_000;
/** A gateway that is still booting swallows a REGISTER without a word. */
const REGISTER_PATIENCE_MS = 1_500;
/** How often a gateway that has not answered a REGISTER is asked whether it can by now. */
const BOOTING_MS = 200;

/**
 * Keeps one connection to the gateway: opens, registers, notices the end, comes back, without end.
 * What it does follows from `ConnectionState`; it never touches a call.
 */
export class ConnectionSupervisor {
  readonly #connection: Connection;
  readonly #onChange: (status: ConnectionStatus, wasReady: boolean) => void;
  readonly #timers: SupervisorTimers;
  readonly #random: () => number;
  readonly #liveness: Liveness;
  #state: ConnectionState = STOPPED;
  #timer: unknown;
  /** Told apart so that a late answer to an attempt that was given up changes nothing. */
  #attempt = 0;
  #bootTimer: unknown;

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
    const listener = {
      ask: () => connection.probe(),
      stale: () => this.#take('stale'),
      answered: () => this.#take('answered'),
      silent: () => this.#take('failed'),
    };
    this.#liveness = new Liveness(listener, timers);
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

  /** Now is a good moment to look and to try: the network is back, the page is in view again. */
  nudge(): void {
    const { status } = this.#state;
    if (status === 'ready' || status === 'doubtful') this.#liveness.check();
    this.#tryNow();
  }

  /** The machine was asleep: what there was before is not to be relied on. */
  woke(): void {
    this.check();
    this.#tryNow();
  }

  #tryNow(): void {
    const { status } = this.#state;
    // An attempt under way may be one into the network that was there before.
    if (status === 'connecting' || status === 'registering') this.#take('failed');
    this.#take('due');
  }

  /** There is a sign that the path is gone. An attempt to make a new one goes on. */
  check(): void {
    const { status } = this.#state;
    if (status === 'ready' || status === 'doubtful') this.#liveness.suspect();
  }

  /** The gateway answered `Connection.probe`. */
  answered(): void {
    this.#liveness.answered();
    // It has come to itself after the REGISTER, which it swallowed.
    if (this.#state.status === 'registering' && this.#bootTimer !== undefined) this.#register(false);
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
    this.#endBootTimer();
    const stood = before.status === 'ready' || before.status === 'doubtful';
    const stands = this.#state.status === 'ready' || this.#state.status === 'doubtful';
    if (stands && !stood) this.#liveness.start();
    if (stood && !stands) this.#liveness.stop();
    this.#act();
    this.#onChange(this.#state.status, this.#state.wasReady);
  }

  #act(): void {
    switch (this.#state.status) {
      case 'connecting':
        this.#open();
        break;
      case 'registering':
        this.#register(true);
        break;
      case 'waiting':
        this.#attempt += 1;
        this.#connection.drop();
        this.#after(retryDelay(Math.max(1, this.#round), this.#random()), 'due');
        break;
      case 'refused':
      case 'stopped':
        this.#attempt += 1;
        this.#connection.drop();
        break;
      case 'ready':
      case 'doubtful':
        break;
    }
  }

  /** How many times all addresses have failed; what was lost first of all was none of them. */
  get #round(): number {
    return Math.max(0, Math.floor((this.#state.failures - 1) / this.#connection.addresses));
  }

  #open(): void {
    const attempt = ++this.#attempt;
    this.#after(Math.min(OPEN_PATIENCE_MS * 2 ** this.#round, LONGEST_OPEN_PATIENCE_MS), 'failed');
    this.#connection.open(this.#state.failures).then(
      () => this.#takeOf(attempt, 'opened'),
      () => this.#takeOf(attempt, 'failed'),
    );
  }

  /** @param mayBoot whether the gateway may be one that has only just been started */
  #register(mayBoot: boolean): void {
    const attempt = this.#attempt;
    this.#endBootTimer();
    this.#timers.clear(this.#timer);
    if (mayBoot) this.#askWhileBooting();
    this.#after(REGISTER_PATIENCE_MS, 'failed');
    this.#connection.register().then(
      (outcome) => this.#takeOf(attempt, outcome),
      () => this.#takeOf(attempt, 'failed'),
    );
  }

  #askWhileBooting(): void {
    this.#bootTimer = this.#timers.set(() => {
      this.#connection.probe();
      this.#askWhileBooting();
    }, BOOTING_MS);
  }

  #endBootTimer(): void {
    this.#timers.clear(this.#bootTimer);
    this.#bootTimer = undefined;
  }

  #takeOf(attempt: number, event: ConnectionEvent): void {
    if (attempt === this.#attempt) this.#take(event);
  }

  #after(ms: number, event: ConnectionEvent): void {
    this.#timer = this.#timers.set(() => this.#take(event), ms);
  }
}
