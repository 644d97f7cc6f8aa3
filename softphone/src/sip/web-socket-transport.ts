import { type Core, type Emitter, EmitterImpl, type Transport, TransportState } from 'sip.js';
import { Outbox } from './outbox.ts';

export interface WebSocketTransportOptions {
  /** Where to connect to, asked anew for each attempt. */
  readonly server: () => string;
  /** A socket to that address that has been opened already, where there is one. */
  readonly begun?: (server: string) => WebSocket | undefined;
  /** Told of every SIP message that passes, at the moment it passes. It must not keep the text: it holds secrets. */
  readonly onMessage: (text: string, sent: boolean) => void;
  /** Takes a message that is not for sip.js. */
  readonly intercept?: (text: string) => boolean;
}

/**
 * SIP over one WebSocket (RFC 7118), replaced as a whole when it is of no use any more.
 *
 * It differs from sip.js' own in two ways that calls depend on. `drop` is done with a socket at once:
 * on a dead network `close` gets no answer for minutes. And what a call has to say while there is no
 * socket, or only a dead one (a BYE, above all), goes into the next one, instead of leaving a ghost call on
 * the gateway: see `Outbox`.
 */
export class WebSocketTransport implements Transport {
  readonly protocol: string;
  readonly stateChange: Emitter<TransportState>;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  readonly #options: WebSocketTransportOptions;
  readonly #emitter = new EmitterImpl<TransportState>();
  #state = TransportState.Disconnected;
  #socket: WebSocket | undefined;
  readonly #outbox = new Outbox();

  constructor(_logger: Core.Logger, options: WebSocketTransportOptions) {
    this.#options = options;
    this.stateChange = this.#emitter;
    this.protocol = options.server().startsWith('wss:') ? 'WSS' : 'WS';
  }

  get state(): TransportState {
    return this.#state;
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  /** Opens a new socket, in place of any there is. Rejects when it does not open. */
  connect(): Promise<void> {
    this.drop();
    this.#transition(TransportState.Connecting);
    return new Promise((resolve, reject) => {
      const server = this.#options.server();
      const socket = this.#options.begun?.(server) ?? new WebSocket(server, 'sip');
      this.#socket = socket;
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        this.#opened();
        resolve();
      };
      socket.onclose = ({ code }) => {
        const error = new Error(`The WebSocket closed (${code})`);
        this.#closed(error);
        reject(error);
      };
      socket.onmessage = ({ data }) => this.#received(data);
      if (socket.readyState === WebSocket.OPEN) socket.onopen(new Event('open'));
      if (socket.readyState >= WebSocket.CLOSING) socket.onclose(new CloseEvent('close', { code: 1006 }));
    });
  }

  /** Is done with the socket now, whether or not the other end hears of it. */
  drop(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = null;
    // A connect that is still waiting for this socket is told by its `onclose`.
    socket.close(1000);
    const tell = socket.onclose;
    socket.onclose = null;
    if (tell !== null) tell.call(socket, new CloseEvent('close', { code: 1000 }));
  }

  async disconnect(): Promise<void> {
    this.#outbox.clear();
    this.drop();
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  /** A REGISTER belongs to its socket and is refused without one; all else waits in the outbox. */
  async send(message: string): Promise<void> {
    const socket = this.#socket;
    if (this.#state === TransportState.Connected && socket !== undefined) {
      socket.send(message);
      this.#outbox.sent(message);
      this.#options.onMessage(message, true);
      return;
    }
    if (message.startsWith('REGISTER ')) throw new Error('Not connected');
    this.#outbox.wait(message);
  }

  /** Sends what waited. To be called once the gateway knows this socket (it is registered). */
  flush(): void {
    for (const message of this.#outbox.take()) void this.send(message);
  }

  #opened(): void {
    this.#transition(TransportState.Connected);
    this.onConnect?.();
  }

  #closed(error: Error): void {
    const wasConnected = this.#state === TransportState.Connected;
    this.#socket = undefined;
    this.#outbox.socketLost();
    this.#transition(TransportState.Disconnected);
    if (wasConnected) this.onDisconnect?.(error);
  }

  #received(data: unknown): void {
    const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer);
    if (text.trim() === '') return;
    this.#outbox.received(text);
    if (this.#options.intercept?.(text) === true) return;
    this.#options.onMessage(text, false);
    this.onMessage?.(text);
  }

  #transition(state: TransportState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#emitter.emit(state);
  }
}
