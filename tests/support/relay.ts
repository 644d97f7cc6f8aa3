import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Greeting and request of SOCKS 5 without a password (RFC 1928), as far as a browser sends them. */
const SOCKS = 5;
const NO_PASSWORD = Buffer.from([SOCKS, 0]);
const CONNECTED = Buffer.from([SOCKS, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const IP_V4 = 1;
const NAME = 3;

/**
 * The network between a browser and everything that it reaches over TCP, as a proxy of the browser's: it can
 * be cut, swallow everything, and be slow. What goes over UDP, sound above all, does not pass here.
 */
export class Relay {
  readonly #server: Server;
  #deaf: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #state: 'open' | 'cut' | 'black hole' = 'open';
  #restored = Promise.withResolvers<void>();
  #delayMs = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (client) => void this.#serve(client).catch(() => client.destroy()));
  }

  static async start(): Promise<Relay> {
    return new Relay(await listening(createServer()));
  }

  /** The browser's setting. */
  get proxy(): { readonly server: string; readonly bypass: string } {
    return { server: `socks5://127.0.0.1:${portOf(this.#server)}`, bypass: '<-loopback>' };
  }

  /** Connections break, new ones are refused. */
  cut(): void {
    this.#state = 'cut';
    this.#endAll();
  }

  /** Connections stay open and nothing passes any more, for ever; new ones wait for an answer. */
  blackHole(): void {
    this.#state = 'black hole';
    this.#restored = Promise.withResolvers();
    for (const socket of this.#sockets) socket.pause();
  }

  /**
   * New connections pass, also those that are in the making: systems ask again until they have an answer. Those
   * that a black hole swallowed stay swallowed, as after a change of address.
   */
  restore(): void {
    this.#state = 'open';
    this.#restored.resolve();
  }

  /** The address of a WebSocket server that takes connections and never says a word. */
  async neverAnswering(): Promise<string> {
    this.#deaf ??= await listening(createServer((socket) => this.#keep(socket)));
    return `ws://127.0.0.1:${portOf(this.#deaf)}/ws`;
  }

  /** From now on whatever passes is late. */
  slowDown(ms: number): void {
    this.#delayMs = ms;
  }

  async close(): Promise<void> {
    this.#endAll();
    this.#deaf?.close();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    if (this.#state === 'black hole') await this.#restored.promise;
    if (this.#state === 'cut') {
      client.destroy();
      return;
    }
    await nextData(client);
    client.write(NO_PASSWORD);
    const target = connect(readTarget(await nextData(client)));
    this.#keep(target);
    await once(target, 'connect');
    client.write(CONNECTED);
    this.#pass(client, target);
    this.#pass(target, client);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #pass(from: Socket, to: Socket): void {
    let inOrder = Promise.resolve();
    from.on('data', (data) => {
      const due = delay(this.#delayMs);
      inOrder = inOrder.then(() => due).then(() => void (from.isPaused() || to.write(data)));
    });
    from.on('close', () => from.isPaused() || to.destroy());
  }
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function nextData(socket: Socket): Promise<Buffer> {
  const [data] = await once(socket, 'data');
  return data;
}

function readTarget(request: Buffer): { host: string; port: number } {
  const kind = request[3];
  const length = request[4] ?? 0;
  const port = request.readUInt16BE(request.length - 2);
  if (kind === NAME) return { host: request.toString('latin1', 5, 5 + length), port };
  if (kind === IP_V4) return { host: request.subarray(4, 8).join('.'), port };
  throw new Error(`The relay knows no address of kind ${kind}`);
}
