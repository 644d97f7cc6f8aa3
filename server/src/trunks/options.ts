import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type EventEmitter, on, once } from 'node:events';
import { connect as connectTcp, isIPv4, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { TrunkHost, TrunkTransport } from '@handset/gateway-config';
import { targetOf } from './resolver.ts';

/** What came of an OPTIONS (RFC 3261 section 11): a final status, or in words why there was none. */
export type OptionsAnswer =
  | { readonly status: number; readonly phrase: string }
  | { readonly status: null; readonly why: string };

export interface OptionsQuestion {
  readonly host: TrunkHost;
  readonly transport: TrunkTransport;
  /** What stands in From. */
  readonly from: string;
  /** Whose certificates are taken over TLS (PEM); those that browsers trust where it is absent. */
  readonly authorities?: string | undefined;
}

/** An answer is waited for so long, in ms: as long as the gateway waits for one. */
const WITHIN_MS = 3_000;
/** Timer T1 (RFC 3261 section 17.1.2): over UDP it is sent again after so many ms, then after twice as many. */
const AGAIN_AFTER_MS = 500;
/** So many characters without a status are no answer: whoever is at that port may send without end. */
const LONGEST = 16_384;

/**
 * Asks a host itself: the gateway tells whether there was an answer to its own OPTIONS, and not which. From another port
 * than the gateway's, and behind NAT perhaps from another address.
 */
export async function askOptions(question: OptionsQuestion): Promise<OptionsAnswer> {
  const { host, transport } = question;
  const target = await targetOf(host, transport);
  if (target === undefined) return { status: null, why: 'The name is unknown.' };
  const timeout = AbortSignal.timeout(WITHIN_MS);
  const ask = transport === 'udp' ? overUdp : overStream;
  try {
    return await ask(question, target, timeout);
  } catch (error) {
    return { status: null, why: timeout.aborted ? 'Nothing came back.' : wordsOf(error) };
  }
}

type Target = Exclude<Awaited<ReturnType<typeof targetOf>>, undefined>;

async function overUdp(
  question: OptionsQuestion,
  { address, port }: Target,
  signal: AbortSignal,
): Promise<OptionsAnswer> {
  const socket = createSocket('udp4');
  const ended = new AbortController();
  try {
    socket.connect(port, address);
    // A refused port shows as an error of the connected socket (ICMP).
    await once(socket, 'connect', { signal });
    const text = optionsText(question, socket.address());
    const answer = answerFrom(socket, 'message', signal);
    void sendAgain(() => socket.send(text), ended.signal);
    return await answer;
  } finally {
    ended.abort();
    socket.close();
  }
}

async function sendAgain(send: () => void, signal: AbortSignal): Promise<void> {
  for (let ms = AGAIN_AFTER_MS; !signal.aborted; ms *= 2) {
    send();
    await delay(ms, undefined, { signal }).catch(() => {});
  }
}

async function overStream(
  question: OptionsQuestion,
  target: Target,
  signal: AbortSignal,
): Promise<OptionsAnswer> {
  const socket = question.transport === 'tls' ? tlsSocket(question, target) : connectTcp(target);
  try {
    await once(socket, question.transport === 'tls' ? 'secureConnect' : 'connect', { signal });
    const answer = answerFrom(socket, 'data', signal);
    socket.write(optionsText(question, { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }));
    return await answer;
  } finally {
    socket.destroy();
  }
}

/** The name that has to be proven is the host's, also where DNS leads to another one (RFC 5922 section 7.2). */
function tlsSocket({ host: { host }, authorities }: OptionsQuestion, target: Target): Socket {
  return connectTls({
    ...target,
    ...(!isIPv4(host) && { servername: host }),
    ...(authorities !== undefined && { ca: authorities }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
}

/** The first final status that arrives, over a stream perhaps in several pieces. */
async function answerFrom(
  socket: EventEmitter,
  event: 'message' | 'data',
  signal: AbortSignal,
): Promise<OptionsAnswer> {
  let text = '';
  for await (const [piece] of on(socket, event, { signal, close: ['end'] })) {
    text = `${event === 'message' ? '' : text}${piece}`;
    const final = /^SIP\/2\.0 ([2-6]\d\d)(?: ([\x20-\x7e]{0,60}))?/m.exec(text);
    if (final) return { status: Number(final[1]), phrase: final[2]?.trim() ?? '' };
    if (text.length > LONGEST) throw new Error('What it sends is no SIP.');
  }
  throw new Error('It closed the connection without an answer.');
}

function optionsText({ host, transport, from }: OptionsQuestion, local: { address: string; port: number }) {
  const { host: name, port } = host;
  const uri = `sip:${name}${port === null ? '' : `:${port}`}${transport === 'udp' ? '' : `;transport=${transport}`}`;
  const at = `${local.address}:${local.port}`;
  const id = randomBytes(8).toString('hex');
  return [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${at};rport;branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    `From: <sip:${from}>;tag=${id}`,
    `To: <${uri}>`,
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:handset@${at}>`,
    'Accept: application/sdp',
    'User-Agent: Handset',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

const OF_SYSTEM: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at that port.',
  ECONNRESET: 'It cut the connection.',
  EHOSTUNREACH: 'There is no way to that address.',
  ENETUNREACH: 'There is no way to that address.',
};

function wordsOf(error: unknown): string {
  const { code = '', message, reason } = error as NodeJS.ErrnoException & { reason?: string };
  if (code.startsWith('ERR_SSL')) return `TLS can’t be agreed on: ${reason ?? message}.`;
  if (/CERT|SIGNATURE/.test(code)) return `Its certificate can’t be taken: ${message}.`;
  return OF_SYSTEM[code] ?? (code === '' ? message : `That failed: ${message}.`);
}
