import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const ANSWER_WITHIN_MS = 2_000;
/** Allocation Mismatch: the server still has a relay for whoever had this port before, as a browser that was killed. */
const PORT_IS_KNOWN = 437;

/** Methods of STUN and TURN (RFC 8489 §18.2, RFC 8656 §17). */
const METHODS = { allocate: 0x003, refresh: 0x004, createPermission: 0x008 } as const;
const SUCCESS = 0x0100;
const ERROR = 0x0110;

const ATTRIBUTES = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;
const UDP = 17;

/** 0 is success; else a STUN error code such as 401, 403 or 486. */
export type TurnOutcome = number;

/**
 * A TURN client over UDP that asks for what a browser never would, and tells the server's very answer: one
 * allocation (RFC 8656), authenticated by a long-term credential (RFC 8489 §9.2).
 */
export class TurnClient {
  #socket: Socket = createSocket('udp4');
  readonly #server: { readonly host: string; readonly port: number };
  readonly #credential: { readonly username: string; readonly credential: string };
  #realm = '';
  #nonce = '';
  #allocated = false;

  constructor(
    server: { readonly host: string; readonly port: number },
    credential: { readonly username: string; readonly credential: string },
  ) {
    this.#server = server;
    this.#credential = credential;
  }

  /** Asks for a relay, from another port where this one is known already (RFC 8656 §7.4). */
  async allocate(): Promise<TurnOutcome> {
    for (;;) {
      const outcome = await this.#allocateOnce();
      if (outcome !== PORT_IS_KNOWN) return outcome;
      this.#socket.close();
      this.#socket = createSocket('udp4');
    }
  }

  /** The first question always comes back with a nonce to prove oneself with. */
  async #allocateOnce(): Promise<TurnOutcome> {
    const transport = attribute(ATTRIBUTES.requestedTransport, Buffer.from([UDP, 0, 0, 0]));
    await this.#ask(METHODS.allocate, [transport]);
    const outcome = await this.#ask(METHODS.allocate, [transport]);
    this.#allocated = outcome === 0;
    return outcome;
  }

  /** Asks to be let through to a peer. */
  permit(address: string): Promise<TurnOutcome> {
    return this.#ask(METHODS.createPermission, [attribute(ATTRIBUTES.xorPeerAddress, xorAddress(address))]);
  }

  /** Gives the relay back. */
  async close(): Promise<void> {
    if (this.#allocated) await this.#ask(METHODS.refresh, [attribute(ATTRIBUTES.lifetime, Buffer.alloc(4))]);
    this.#socket.close();
  }

  async #ask(method: number, attributes: readonly Buffer[]): Promise<TurnOutcome> {
    const transaction = randomBytes(12);
    const answered = once(this.#socket, 'message', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const request = this.#request(method, transaction, attributes);
    this.#socket.send(request, this.#server.port, this.#server.host);
    const [answer] = (await answered) as [Buffer];
    if (!answer.subarray(8, HEADER_BYTES).equals(transaction))
      throw new Error('an answer to another question');
    const kind = answer.readUInt16BE(0) & ERROR;
    if (kind === SUCCESS) return 0;
    const found = readAttributes(answer);
    this.#realm = found.get(ATTRIBUTES.realm)?.toString() ?? this.#realm;
    this.#nonce = found.get(ATTRIBUTES.nonce)?.toString() ?? this.#nonce;
    const code = found.get(ATTRIBUTES.errorCode);
    return ((code?.[2] ?? 0) & 7) * 100 + (code?.[3] ?? 0);
  }

  #request(method: number, transaction: Buffer, attributes: readonly Buffer[]): Buffer {
    if (this.#nonce === '') return message(method, transaction, attributes);
    const { username, credential } = this.#credential;
    const proven = [
      ...attributes,
      attribute(ATTRIBUTES.username, Buffer.from(username)),
      attribute(ATTRIBUTES.realm, Buffer.from(this.#realm)),
      attribute(ATTRIBUTES.nonce, Buffer.from(this.#nonce)),
    ];
    const key = createHash('md5').update(`${username}:${this.#realm}:${credential}`).digest();
    // The digest is of the message as it will be long, but for the digest itself (RFC 8489 §14.5).
    const digest = (bytes: Buffer) => createHmac('sha1', key).update(bytes).digest();
    const whole = message(method, transaction, [
      ...proven,
      attribute(ATTRIBUTES.messageIntegrity, Buffer.alloc(20)),
    ]);
    return Buffer.concat([whole.subarray(0, -20), digest(whole.subarray(0, -24))]);
  }
}

function message(method: number, transaction: Buffer, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat(attributes);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(method, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([header, transaction, body]);
}

function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc(-value.length & 3)]);
}

function readAttributes(answer: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= answer.length; ) {
    const length = answer.readUInt16BE(at + 2);
    found.set(answer.readUInt16BE(at), answer.subarray(at + 4, at + 4 + length));
    at += 4 + length + (-length & 3);
  }
  return found;
}

/** An IPv4 address with port 9, as XOR-PEER-ADDRESS has it (RFC 8489 §14.2). */
function xorAddress(address: string): Buffer {
  const value = Buffer.alloc(8);
  value[1] = 1;
  value.writeUInt16BE(9 ^ (MAGIC_COOKIE >>> 16), 2);
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  value.writeUInt32BE((number ^ MAGIC_COOKIE) >>> 0, 4);
  return value;
}
