import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { PhoneConfig } from '../support/phone-config.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/**
 * Registers once over a WebSocket of its own (RFC 7118), as soon as the gateway lets it.
 * @returns the moment (`performance.now()`) of the 200
 * @throws Error when the gateway answers anything else to the REGISTER with credentials
 */
export async function registerOnce({ sip, webSockets }: PhoneConfig): Promise<number> {
  const [address = ''] = webSockets;
  const socket = new WebSocket(address, 'sip');
  await once(socket, 'open');
  try {
    const identity = { tag: randomBytes(6).toString('hex'), callId: randomBytes(12).toString('hex') };
    const challenge = await exchange(socket, register(sip, identity, 1));
    const answer = await exchange(socket, register(sip, identity, 2, authorization(sip, challenge)));
    const at = performance.now();
    if (!answer.startsWith('SIP/2.0 200 '))
      throw new Error(`REGISTER was answered ${answer.split('\r\n')[0]}`);
    return at;
  } finally {
    socket.close();
  }
}

async function exchange(socket: WebSocket, request: string): Promise<string> {
  const answered = once(socket, 'message');
  socket.send(request);
  const [event] = (await answered) as [{ data: string }];
  return event.data;
}

type Account = PhoneConfig['sip'];

function register(
  { uri, authorizationUser }: Account,
  { tag, callId }: { tag: string; callId: string },
  sequence: number,
  authorization?: string,
): string {
  return [
    `REGISTER ${registrarOf(uri)} SIP/2.0`,
    `Via: SIP/2.0/WS bench.invalid;branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
    'Max-Forwards: 70',
    `From: <${uri}>;tag=${tag}`,
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} REGISTER`,
    `Contact: <sip:${authorizationUser}@bench.invalid;transport=ws>;expires=60`,
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

const registrarOf = (uri: string) => `sip:${uri.split('@')[1]}`;

/** The answer to a digest challenge with `qop=auth` (RFC 8760, RFC 7616). */
function authorization({ uri, authorizationUser, password, realm }: Account, challenge: string): string {
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1];
  if (nonce === undefined) throw new Error(`no challenge but ${challenge.split('\r\n')[0]}`);
  const opaque = /opaque="([^"]+)"/.exec(challenge)?.[1];
  const cnonce = randomBytes(8).toString('hex');
  const registrar = registrarOf(uri);
  const ha1 = md5(`${authorizationUser}:${realm}:${password}`);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${registrar}`)}`);
  const fields = [
    `Digest username="${authorizationUser}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${registrar}"`,
    `response="${response}"`,
    'algorithm=MD5',
    `cnonce="${cnonce}"`,
    'qop=auth',
    'nc=00000001',
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return fields.join(', ');
}
