import type { Party } from '../call/line-port.ts';
import { formatNumber } from '../call/number-format.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import type { Strings } from './strings.ts';

/** What the phone says of its registration. */
export function connectionWords({ session, connection }: PhoneSnapshot, strings: Strings): string {
  const words = strings.connection;
  if (session === 'unknown') return words.checking;
  if (session === 'unreachable') return words.unreachable;
  if (session !== 'signed-in') return words.stopped;
  switch (connection.status) {
    case 'ready':
      return words.ready;
    case 'refused':
      return words.refused;
    case 'doubtful':
      return words.doubtful;
    default:
      return connection.wasReady ? words.reconnecting : words.connecting;
  }
}

/** Who is at the far end: the name where there is one. */
export function partyWords({ number, name }: Party, country: string, strings: Strings): string {
  return name ?? (number === '' ? strings.withheld : formatNumber(number, country));
}

/** What the phone says of a call. */
export function callWords(call: CallSnapshot, country: string, strings: Strings): string {
  switch (call.status) {
    case 'trying':
      return strings.calling(partyWords(call.remote, country, strings));
    case 'ringing':
      if (call.direction === 'outgoing') return strings.ringing;
      return call.answering
        ? strings.connecting
        : strings.incoming(partyWords(call.remote, country, strings));
    case 'early':
      return strings.ringing;
    case 'established':
      if (call.resuming) return strings.resuming;
      return call.held ? strings.onHold : strings.inCall;
    default:
      return strings.ended(strings.reasons[call.endReason ?? 'failed']);
  }
}

/** Elapsed time as telephones show it: `0:07`, `12:05`, `1:02:03`. */
export function timerWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
