/** A SIP message as SIPp traced it. */
export interface SipMessage {
  readonly direction: 'sent' | 'received';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The request or status line. */
  readonly start: string;
  readonly method: string;
  /** The status of a response; 0 for a request. */
  readonly status: number;
  readonly text: string;
  readonly body: string;
  /** The first header of that name, compact forms not counted; empty where there is none. */
  header(name: string): string;
}

const ENTRY = /^-{20,} (\d{4}-\d\d-\d\d)[ T]([\d:.]+)Z?\n.*message (sent|received)[^\n]*\n\n?/m;

/** Reads what `-trace_msg` writes. */
export function parseTrace(log: string): readonly SipMessage[] {
  const parts = log.replaceAll('\r', '').split(new RegExp(ENTRY, 'gm'));
  const messages: SipMessage[] = [];
  for (let i = 1; i + 3 < parts.length; i += 4) {
    const [day = '', time = '', direction = '', text = ''] = parts.slice(i, i + 4);
    messages.push(
      message(direction === 'sent' ? 'sent' : 'received', Date.parse(`${day}T${time.slice(0, 12)}Z`), text),
    );
  }
  return messages;
}

function message(direction: SipMessage['direction'], at: number, text: string): SipMessage {
  const [head = '', ...bodies] = text.split('\n\n');
  const start = head.split('\n')[0] ?? '';
  const header = (name: string) =>
    new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(start)?.[1] ?? 0);
  const method = status === 0 ? (start.split(' ')[0] ?? '') : (header('CSeq').split(' ')[1] ?? '');
  return { direction, at, start, method, status, text, body: bodies.join('\n\n'), header };
}

/** The requests of one method that were received. */
export function received(messages: readonly SipMessage[], method: string): readonly SipMessage[] {
  return messages.filter(
    (message) => message.direction === 'received' && message.status === 0 && message.method === method,
  );
}

/** The statuses that INVITEs were answered with, in their order. */
export function answers(messages: readonly SipMessage[], method = 'INVITE'): readonly number[] {
  return messages
    .filter((message) => message.direction === 'received' && message.method === method && message.status > 0)
    .map(({ status }) => status);
}

/** The last answer to an INVITE: the final one. */
export function finalAnswer(messages: readonly SipMessage[]): SipMessage | undefined {
  return messages.findLast(
    ({ direction, method, status }) => direction === 'received' && method === 'INVITE' && status >= 200,
  );
}
