interface Message {
  readonly text: string;
  readonly since: number;
}

/** A request that waits longer has been given up by its transaction (RFC 3261 §17, 64 × T1). */
const LIFE_MS = 32_000;
/** The end of a call is worth telling late: the gateway would keep the call, and its cost, up. */
const LIFE_OF_AN_END_MS = 30 * 60_000;

/**
 * What calls have to say and the gateway may not have heard: what was said while there was no socket, and
 * what went into a socket that turned out to be dead. It is said (again) on the next one.
 *
 * What has arrived is known without asking: a WebSocket keeps the order, so the answer to one message tells
 * that all before it are there, and the gateway is asked for an answer every few seconds. What is repeated
 * all the same is to the gateway a retransmission (RFC 3261 §17.2): it bears the same branch.
 */
export class Outbox {
  readonly #now: () => number;
  #sent: readonly Message[] = [];
  #waiting: readonly Message[] = [];

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** Went into the present socket. */
  sent(text: string): void {
    this.#sent = [...this.#sent, { text, since: this.#now() }];
  }

  /** Has no socket to go into. */
  wait(text: string): void {
    this.#waiting = [...this.#waiting, { text, since: this.#now() }];
  }

  /** Takes note of a message from the gateway. */
  received(text: string): void {
    const branch = text.startsWith('SIP/2.0 ') ? branchOf(text) : undefined;
    if (branch === undefined) return;
    const answered = this.#sent.findIndex(({ text: sent }) => branchOf(sent) === branch);
    this.#sent = this.#sent.slice(answered + 1);
  }

  /** The socket is gone, and with it perhaps what was sent last. */
  socketLost(): void {
    this.#waiting = [...this.#sent.filter(({ text }) => isWorthRepeating(text)), ...this.#waiting];
    this.#sent = [];
  }

  /** What is to be sent now, in its order. */
  take(): readonly string[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting
      .filter((message) => this.#now() - message.since <= lifeOf(message))
      .map(({ text }) => text);
  }

  clear(): void {
    this.#sent = [];
    this.#waiting = [];
  }
}

function lifeOf({ text }: Message): number {
  return /^(BYE|CANCEL) /.test(text) ? LIFE_OF_AN_END_MS : LIFE_MS;
}

/** The branch of the topmost Via: a request and its responses share it (RFC 3261 §8.1.1.7). */
function branchOf(text: string): string | undefined {
  return /\r\n(?:via|v)\s*:[^\r\n]*?;\s*branch\s*=\s*([^\s;,]+)/i.exec(text)?.[1];
}

/**
 * A registration and a probe belong to their socket. A call that is not there yet ends with its socket, where
 * its answers would go: repeated, it would ring somebody whom nobody waits for.
 */
function isWorthRepeating(text: string): boolean {
  if (/^(REGISTER|OPTIONS) /.test(text)) return false;
  return !text.startsWith('INVITE ') || /\r\n(?:to|t)\s*:[^\r\n]*;\s*tag\s*=/i.test(text);
}
