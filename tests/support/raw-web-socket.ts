import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

/** Where a WebSocket server with a certificate of its own CA is. */
export interface RawTarget {
  readonly address: string;
  readonly port: number;
  /** Name in the certificate. */
  readonly host: string;
  readonly authority: Buffer;
}

const OPCODE_TEXT = 0x81;
const MASKED = 0x80;
const LENGTH_16 = 126;

/** A WebSocket (RFC 6455) that says what no browser lets a page say: any Origin, and as much as it likes. */
export class RawWebSocket {
  readonly #socket: TLSSocket;
  /** Everything that came in. */
  received = '';

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (data: Buffer) => {
      this.received += data.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
  }

  /** Connects and asks for a WebSocket. @returns it, and the status of the answer: 101 where there is one */
  static async open(target: RawTarget, origin?: string): Promise<{ socket: RawWebSocket; status: number }> {
    const tls = connect({
      host: target.address,
      port: target.port,
      servername: target.host,
      ca: target.authority,
      allowPartialTrustChain: true,
      ALPNProtocols: ['http/1.1'],
    });
    const socket = new RawWebSocket(tls);
    await once(tls, 'secureConnect');
    const lines = [
      'GET /ws HTTP/1.1',
      `Host: ${target.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: sip',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    ];
    tls.write(`${lines.join('\r\n')}\r\n\r\n`);
    while (!socket.received.includes('\r\n\r\n')) await once(tls, 'data');
    return { socket, status: Number(socket.received.split(' ')[1]) };
  }

  send(text: string): void {
    const mask = randomBytes(4);
    const body = Buffer.from(text);
    const header = Buffer.from([OPCODE_TEXT, MASKED | LENGTH_16, body.length >> 8, body.length & 255]);
    this.#socket.write(Buffer.concat([header, mask, body.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]));
  }

  close(): void {
    this.#socket.destroy();
  }
}
