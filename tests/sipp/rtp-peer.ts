import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Sound } from '../support/wav.ts';
import { decodeMuLaw, encodeMuLaw } from './mu-law.ts';

/** RTP payload types (RFC 3551; the second as the scenarios' SDP has it). */
const PCMU = 0;
const TELEPHONE_EVENT = 101;
const HEADER_BYTES = 12;
const RATE = 8_000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (RATE * PACKET_MS) / 1_000;
const KEYS = '0123456789*#ABCD';
/** A key's events: three with growing durations, then three that say that it ended (RFC 4733 section 2.5.1.4). */
const KEY_PACKETS = 5;
const KEY_VOLUME = 10;
const END_BIT = 0x80;

/**
 * One end of a call's media, the audio part of what SIPp signals for: PCMU both ways, and keypad digits as RFC 4733
 * events. Its port goes into the scenario's `[rtp]`.
 */
export class RtpPeer {
  readonly port: number;
  readonly #socket: Socket;
  #remote: { readonly address: string; readonly port: number } | undefined;
  #heard: number[] = [];
  #keys = '';
  #lastKeyAt: number | undefined;
  #sequence = 1;
  #timestamp = 1;
  #sending: NodeJS.Timeout | undefined;
  #arrived = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (packet) => this.#receive(packet));
  }

  /** @param address the one that the scenario runs at */
  static async at(address: string): Promise<RtpPeer> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new RtpPeer(socket);
  }

  close(): void {
    clearInterval(this.#sending);
    this.#socket.close();
  }

  /** The digits that arrived as events, each once. */
  get keys(): string {
    return this.#keys;
  }

  /** Resolves once `done` holds, asked after each packet that arrives. */
  async until(done: (peer: this) => boolean): Promise<void> {
    while (!done(this)) await this.#arrived.promise;
  }

  /** The last `seconds` of audio that arrived, once there is so much; what came before this question is forgotten. */
  async listen(seconds: number): Promise<Sound> {
    this.#heard = [];
    const wanted = Math.round(seconds * RATE);
    await this.until(() => this.#heard.length >= wanted);
    return { rate: RATE, samples: Float32Array.from(this.#heard.slice(0, wanted)) };
  }

  /** Sends to there from now on, as the other side's SDP says (RFC 4566). */
  sendTo(sdp: string): void {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
    if (address === undefined || !(port > 0)) throw new Error(`no audio in this SDP:\n${sdp}`);
    this.#remote = { address, port };
  }

  /** Sends a tone from now on. @param losing each so manieth packet, counted but never sent */
  sendTone(hertz: number, losing = 0): void {
    let at = 0;
    this.#sending = setInterval(() => {
      const samples = Array.from(
        { length: PACKET_SAMPLES },
        () => Math.sin((2 * Math.PI * hertz * at++) / RATE) / 2,
      );
      const isLost = losing > 0 && (at / PACKET_SAMPLES) % losing === 0;
      if (isLost) this.#sequence += 1;
      else this.#send(PCMU, Buffer.from(samples.map(encodeMuLaw)), this.#timestamp, at === PACKET_SAMPLES);
      this.#timestamp += PACKET_SAMPLES;
    }, PACKET_MS);
  }

  /** Sends keypad digits, one after the other, at a person's fastest. */
  async sendKeys(keys: string): Promise<void> {
    for (const key of keys) {
      const started = this.#timestamp;
      for (let i = 1; i <= KEY_PACKETS + 2; i++) {
        const ended = i >= KEY_PACKETS;
        const duration = Math.min(i, KEY_PACKETS) * PACKET_SAMPLES;
        const event = Buffer.alloc(4);
        event.writeUInt8(KEYS.indexOf(key), 0);
        event.writeUInt8(KEY_VOLUME | (ended ? END_BIT : 0), 1);
        event.writeUInt16BE(duration, 2);
        this.#send(TELEPHONE_EVENT, event, started, i === 1);
        if (!ended || i === KEY_PACKETS + 2) await passing(ended ? 4 * PACKET_MS : PACKET_MS);
      }
      this.#timestamp = started + (KEY_PACKETS + 4) * PACKET_SAMPLES;
    }
  }

  #send(type: number, payload: Buffer, timestamp: number, marked: boolean): void {
    const to = this.#remote;
    if (to === undefined) throw new Error('nobody to send to yet');
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(type | (marked ? 0x80 : 0), 1);
    header.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    header.writeUInt32BE(timestamp, 4);
    header.writeUInt32BE(this.port, 8);
    this.#socket.send(Buffer.concat([header, payload]), to.port, to.address);
  }

  #receive(packet: Buffer): void {
    const type = packet.readUInt8(1) & 0x7f;
    const payload = packet.subarray(HEADER_BYTES);
    if (type === PCMU) for (const byte of payload) this.#heard.push(decodeMuLaw(byte));
    // All packets of one event bear its first timestamp.
    const timestamp = packet.readUInt32BE(4);
    if (type === TELEPHONE_EVENT && timestamp !== this.#lastKeyAt) {
      this.#lastKeyAt = timestamp;
      this.#keys += KEYS[payload.readUInt8(0)] ?? '?';
    }
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}

/** RTP is paced by the clock; there is no event to wait for. */
const passing = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
