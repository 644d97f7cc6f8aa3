import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Logger } from '../log.ts';
import { type AmiActions, type AmiMessage, AmiReader, field, writeAction } from './ami-protocol.ts';

/** Why an action has no answer. `refused`: the gateway answered that it will not. */
export type AmiFailure = 'disconnected' | 'timeout' | 'refused';

export class AmiError extends Error {
  override readonly name = 'AmiError';
  readonly failure: AmiFailure;
  constructor(failure: AmiFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface AmiOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
  readonly log: Logger;
  /** Called each time the connection stands and is signed in. */
  readonly onConnected: () => void;
  /** The gateway tells what it is not asked for: those events that its `manager.conf` lets through. */
  readonly onEvent: (event: AmiMessage) => void;
}

interface Waiting {
  readonly events: AmiMessage[];
  response?: AmiMessage;
  resolve(answer: AmiAnswer): void;
  reject(error: AmiError): void;
  readonly timer: NodeJS.Timeout;
}

/** The response, and the events of a list that followed it. */
export interface AmiAnswer {
  readonly response: AmiMessage;
  readonly events: readonly AmiMessage[];
}

const ANSWER_MS = 2_000;
const PING_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 3_000;

/**
 * A client of the gateway's manager interface (AMI). It connects, signs in with a digest (the secret itself
 * never goes over the wire, and neither it nor any action's fields go into the log), and keeps trying.
 *
 * ```
 * closed ──start──► connecting ──greeted, signed in──► connected
 *    ▲                  ▲  │                               │
 *    └──close (any)     └──┴── lost, refused, silent ◄─────┘   again after 0.2 s, then up to 3 s
 * ```
 */
export class AmiClient {
  readonly #options: AmiOptions;
  readonly #waiting = new Map<string, Waiting>();
  #state: 'closed' | 'connecting' | 'connected' = 'closed';
  #socket: Socket | undefined;
  #retryMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #told = false;
  #events = 'off';

  constructor(options: AmiOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#state === 'connected';
  }

  start(): void {
    if (this.#state === 'closed') this.#connect();
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#failAll();
  }

  /**
   * Says which events are to be told from now on, also after the next sign-in; each event costs the gateway.
   * @param classes as `read` of `manager.conf` has them, or `off`
   */
  async listen(classes: string): Promise<void> {
    this.#events = classes;
    // Where this fails the connection is lost, and signing in says it again.
    if (this.isConnected) await this.#request('Events', { EventMask: classes }).catch(() => {});
  }

  /**
   * @returns the gateway's answer, with all events where it is a list
   * @throws AmiError
   */
  async send<A extends keyof AmiActions>(action: A, fields: AmiActions[A]): Promise<AmiAnswer> {
    if (!this.isConnected)
      throw new AmiError('disconnected', 'The gateway’s manager interface is not connected');
    return this.#request(action, fields);
  }

  #request<A extends keyof AmiActions>(action: A, fields: AmiActions[A]): Promise<AmiAnswer> {
    const id = String(++this.#lastId);
    const text = writeAction(action, id, fields);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new AmiError('timeout', `The gateway did not answer ${action} in ${ANSWER_MS} ms`));
        // What does not answer is dead, even where the connection still stands.
        this.#socket?.destroy();
      }, ANSWER_MS);
      this.#waiting.set(id, { events: [], resolve, reject, timer });
      this.#socket?.write(text);
    });
  }

  #connect(): void {
    this.#state = 'connecting';
    const reader = new AmiReader();
    const socket = connect({ host: this.#options.host, port: this.#options.port });
    this.#socket = socket;
    socket.setEncoding('utf8').setNoDelay(true);
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('connect', () => {
      socket.setTimeout(0);
      void this.#signIn(socket);
    });
    socket.on('data', (piece: string) => {
      try {
        for (const message of reader.push(piece)) this.#take(message);
      } catch (err) {
        this.#options.log.warn({ err }, 'Gateway manager interface can’t be understood');
        socket.destroy();
      }
    });
    // `close` follows and does what is needed.
    socket.on('error', () => {});
    socket.on('close', () => this.#lost(socket));
  }

  /** `AuthType: MD5`: the key is MD5(challenge + secret). */
  async #signIn(socket: Socket): Promise<void> {
    const { username: Username, secret, log, onConnected } = this.#options;
    try {
      const { response } = await this.#request('Challenge', { AuthType: 'MD5' });
      const Key = createHash('md5')
        .update(field(response, 'Challenge') + secret)
        .digest('hex');
      await this.#request('Login', { AuthType: 'MD5', Username, Key, Events: this.#events });
    } catch (error) {
      if (this.#state === 'connecting' && error instanceof AmiError && error.failure === 'refused') {
        log.error({ err: error }, 'Gateway refused the server’s sign-in to its manager interface');
      }
      socket.destroy();
      return;
    }
    if (socket.destroyed || this.#state !== 'connecting') return;
    this.#state = 'connected';
    this.#retryMs = FIRST_RETRY_MS;
    this.#told = false;
    log.info('Gateway manager interface connected');
    this.#timer = setInterval(() => void this.#request('Ping', {}).catch(() => {}), PING_MS);
    onConnected();
  }

  #take(message: AmiMessage): void {
    const id = field(message, 'ActionID');
    const waiting = this.#waiting.get(id);
    if (!waiting) {
      if (id === '' && message.has('event')) this.#options.onEvent(message);
      return;
    }
    if (message.has('response')) {
      waiting.response = message;
      if (field(message, 'Response') === 'Error') this.#settle(id, refusal(message));
      else if (field(message, 'EventList').toLowerCase() !== 'start') this.#settle(id);
      return;
    }
    if (field(message, 'EventList') === 'Complete') this.#settle(id);
    else waiting.events.push(message);
  }

  #settle(id: string, error?: AmiError): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error || !waiting.response) waiting.reject(error ?? disconnected());
    else waiting.resolve({ response: waiting.response, events: waiting.events });
  }

  #failAll(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, disconnected());
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket || this.#state === 'closed') return;
    clearTimeout(this.#timer);
    this.#state = 'connecting';
    this.#failAll();
    // Said once, not with every try.
    if (!this.#told) this.#options.log.warn('Gateway manager interface not connected; trying on');
    this.#told = true;
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}

function disconnected(): AmiError {
  return new AmiError('disconnected', 'The connection to the gateway was lost');
}

function refusal(message: AmiMessage): AmiError {
  return new AmiError('refused', field(message, 'Message') || 'The gateway refused');
}
