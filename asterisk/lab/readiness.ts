import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const ASK_AGAIN_MS = 50;

/**
 * Asks again and again until the answer is yes. Programs tell nobody when they begin to listen.
 * @throws the signal's reason when it aborts first
 */
async function until(isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isSo())) {
    signal.throwIfAborted();
    await delay(ASK_AGAIN_MS);
  }
}

/** Resolves once `url` answers with a 2xx. */
export function httpAnswers(url: string, signal: AbortSignal): Promise<void> {
  return until(async () => {
    const response = await fetch(url, { signal }).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true;
  }, signal);
}

/** Resolves once somebody accepts TCP connections at the address. */
export function tcpAccepts(host: string, port: number, signal: AbortSignal): Promise<void> {
  return until(
    () =>
      new Promise((answer) => {
        const socket = connect({ host, port });
        socket.once('connect', () => {
          socket.destroy();
          answer(true);
        });
        socket.once('error', () => answer(false));
      }),
    signal,
  );
}

/** Resolves once a SIP OPTIONS over UDP is answered, be it with a refusal (RFC 3261 §11). */
export function sipAnswers(host: string, port: number, signal: AbortSignal): Promise<void> {
  return until(() => asks(host, port, (from) => Buffer.from(options(host, port, from)), 'SIP/2.0 '), signal);
}

/** Resolves once a STUN Binding request is answered with a success (RFC 8489 §6). */
export function stunAnswers(host: string, port: number, signal: AbortSignal): Promise<void> {
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  return until(() => asks(host, port, () => request, '\x01\x01'), signal);
}

const ANSWER_WITHIN_MS = 250;

/** Whether a datagram is answered by one that begins with `expected`. */
function asks(
  host: string,
  port: number,
  request: (localPort: number) => Buffer,
  expected: string,
): Promise<boolean> {
  return new Promise((answer) => {
    const socket = createSocket('udp4');
    const done = (result: boolean) => {
      clearTimeout(giveUp);
      socket.close();
      answer(result);
    };
    const giveUp = setTimeout(() => done(false), ANSWER_WITHIN_MS);
    socket.once('error', () => done(false));
    socket.once('message', (message) => done(message.toString('latin1').startsWith(expected)));
    socket.bind(0, () => socket.send(request(socket.address().port), port, host));
  });
}

function options(host: string, port: number, localPort: number): string {
  const tag = randomBytes(8).toString('hex');
  return [
    `OPTIONS sip:${host}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${localPort};branch=z9hG4bK${tag};rport`,
    'Max-Forwards: 1',
    `From: <sip:readiness@127.0.0.1>;tag=${tag}`,
    `To: <sip:${host}>`,
    `Call-ID: ${tag}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
