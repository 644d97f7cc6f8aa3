import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';

/** Who registers. */
export interface Registrant {
  readonly extension: string;
  /** Digest user name. */
  readonly user: string;
  readonly password: string;
}

const TIMEOUT_MS = 5_000;

/** The gateway answered, and not as it should have. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * Binds a contact at the registrar and removes it again, over a WebSocket (RFC 7118, RFC 3261 §10.2).
 * @param url the gateway's `/ws`
 * @param domain host of the SIP address
 * @throws Refused with what the gateway answered, or another error when it did not answer in time
 */
export async function registerOnce(url: string, domain: string, who: Registrant): Promise<void> {
  const socket = new WebSocket(url, 'sip');
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(new Error('no answer in time')), TIMEOUT_MS);
  socket.addEventListener('close', () => given.abort(new Error('the connection was closed')));
  const event = async (name: string): Promise<unknown> => (await once(socket, name, given))[0];
  try {
    await event('open');
    const registration = new Registration(domain, who);
    const answerTo = async (request: string): Promise<string> => {
      socket.send(request);
      const message = await event('message');
      return message instanceof MessageEvent ? String(message.data) : '';
    };
    const challenge = await answerTo(registration.request(60));
    expectStatus(challenge, 401);
    const bound = await answerTo(registration.request(60, challenge));
    expectStatus(bound, 200);
    // The host is rewritten to where the request came from.
    if (!bound.includes(`<sip:${who.user}@`)) throw new Refused('the 200 does not list the contact');
    const unbound = await answerTo(registration.request(0, challenge));
    // The nonce may be used up by now; a fresh one then comes with the 401.
    const settled = unbound.startsWith('SIP/2.0 401')
      ? await answerTo(registration.request(0, unbound))
      : unbound;
    expectStatus(settled, 200);
  } catch (fault) {
    throw given.signal.aborted ? given.signal.reason : fault;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

function expectStatus(answer: string, status: number): void {
  const [statusLine = ''] = answer.split('\r\n', 1);
  if (!statusLine.startsWith(`SIP/2.0 ${status} `))
    throw new Refused(`expected ${status}, the gateway answered: ${statusLine}`);
}

/** One Call-ID and From tag; each request counts CSeq on (RFC 3261 §10.2). */
class Registration {
  readonly #contact: string;
  readonly #callId = randomBytes(12).toString('hex');
  readonly #tag = randomBytes(6).toString('hex');
  readonly #domain: string;
  readonly #who: Registrant;
  #cseq = 0;

  constructor(domain: string, who: Registrant) {
    this.#domain = domain;
    this.#who = who;
    this.#contact = `sip:${who.user}@${this.#tag}.invalid;transport=ws`;
  }

  /** @param challenge the 401 to answer */
  request(expires: number, challenge?: string): string {
    const aor = `sip:${this.#who.extension}@${this.#domain}`;
    const lines = [
      `REGISTER sip:${this.#domain} SIP/2.0`,
      `Via: SIP/2.0/WS ${this.#tag}.invalid;branch=z9hG4bK${randomBytes(8).toString('hex')}`,
      'Max-Forwards: 70',
      `From: <${aor}>;tag=${this.#tag}`,
      `To: <${aor}>`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${++this.#cseq} REGISTER`,
      `Contact: <${this.#contact}>;expires=${expires}`,
      ...(challenge === undefined ? [] : [`Authorization: ${this.#authorization(challenge)}`]),
      'Content-Length: 0',
    ];
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  /** Digest with MD5 and `qop=auth` (RFC 7616 §3.4). */
  #authorization(challenge: string): string {
    const part = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const [realm, nonce, opaque] = [part('realm'), part('nonce'), part('opaque')];
    const uri = `sip:${this.#domain}`;
    const cnonce = randomBytes(8).toString('hex');
    // One nonce serves several requests, each with its count.
    const count = this.#cseq.toString(16).padStart(8, '0');
    const ha1 = md5(`${this.#who.user}:${realm}:${this.#who.password}`);
    const response = md5([ha1, nonce, count, cnonce, 'auth', md5(`REGISTER:${uri}`)].join(':'));
    return [
      `Digest username="${this.#who.user}"`,
      `realm="${realm}"`,
      `nonce="${nonce}"`,
      `opaque="${opaque}"`,
      `uri="${uri}"`,
      'algorithm=MD5',
      `qop=auth, nc=${count}, cnonce="${cnonce}"`,
      `response="${response}"`,
    ].join(', ');
  }
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
