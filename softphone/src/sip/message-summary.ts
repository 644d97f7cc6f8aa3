import type { TraceStep } from '../call/trace.ts';

export interface MessageSummary extends Omit<TraceStep, 'at' | 'sent'> {
  readonly callId: string;
}

/**
 * What may be kept and shown of a SIP message: its start line's gist and whose it is. Addresses,
 * digests and bodies stay out, so that nothing secret can leak from here.
 * @returns `undefined` for what is no SIP message
 */
export function summarise(text: string): MessageSummary | undefined {
  const [start = ''] = text.split('\r\n', 1);
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
  const request = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(start);
  const callId = header(text, 'call-id|i');
  const method = header(text, 'cseq')?.split(/\s+/)[1];
  if (callId === undefined || method === undefined) return undefined;
  const hasDescription = /\r\n(?:content-type|c)\s*:\s*application\/sdp/i.test(text);
  if (response !== null) {
    const status = Number(response[1]);
    return { callId, method, status, label: `${status} ${response[2] ?? ''}`.trim(), hasDescription };
  }
  if (request === null) return undefined;
  return { callId, method, label: request[1] ?? method, hasDescription };
}

function header(text: string, names: string): string | undefined {
  return new RegExp(`\\r\\n(?:${names})\\s*:\\s*([^\\r\\n]*)`, 'i').exec(text)?.[1]?.trim();
}
