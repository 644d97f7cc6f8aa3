import { isShort } from '../call/dialled.ts';
import { conference, isMember, shownCall } from '../call/floor.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import type { TraceStep } from '../call/trace.ts';
import type { Strings } from '../i18n/strings.ts';
import type { CandidateKind, MediaFacts } from '../media/inspect.ts';

/** One arrow of the ladder between browser and gateway. */
export interface LadderStep {
  readonly label: string;
  readonly meaning: string;
  readonly sent: boolean;
  readonly hasDescription: boolean;
  /** Milliseconds since the first step, with one decimal below ten. */
  readonly time: string;
  readonly tone: 'request' | 'good' | 'bad' | 'other';
}

/** Short codes (911, 112, 1588…) go out to the carrier; extensions stay in the house. */
const SERVICE_CODE = /^(\d{3}|1\d{3}88)$/;

/** Where a call's far end is. */
export function farEnd(call: CallSnapshot | undefined): 'carrier' | 'colleague' {
  const number = call?.remote.number ?? '';
  return isShort(number) && !SERVICE_CODE.test(number) ? 'colleague' : 'carrier';
}

export function ladder(trace: readonly TraceStep[], strings: Strings): readonly LadderStep[] {
  const start = trace[0]?.at ?? 0;
  const meanings: Readonly<Record<string, string>> = strings.travel.meaning;
  return trace.map((step) => ({
    label: step.label,
    meaning: meanings[String(step.status ?? step.method)] ?? '',
    sent: step.sent,
    hasDescription: step.hasDescription,
    time: strings.travel.milliseconds(shortTime(step.at - start)),
    tone: toneOf(step.status),
  }));
}

function toneOf(status: number | undefined): LadderStep['tone'] {
  if (status === undefined) return 'request';
  if (status >= 200 && status < 300) return 'good';
  // A challenge is a step on the way, no failure (RFC 3261 §22).
  return status >= 400 && status !== 401 && status !== 407 ? 'bad' : 'other';
}

function shortTime(ms: number): string {
  return ms < 10 ? String(Math.round(ms * 10) / 10) : String(Math.round(ms));
}

/** The ladder of the call that is shown, or the registration's while there was no call. */
export function subject({ calls, floor, connection }: PhoneSnapshot): {
  readonly call: CallSnapshot | undefined;
  readonly trace: readonly TraceStep[];
} {
  const call = shownCall(calls, floor);
  return { call, trace: call?.trace ?? connection.trace };
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Where the sound of a conference is mixed. */
export function mixFact({ calls, floor }: PhoneSnapshot, strings: Strings): readonly Fact[] {
  const members = conference(calls);
  if (!isMember(calls, shownCall(calls, floor))) return [];
  return [{ name: strings.travel.mix, value: strings.travel.mixedBy(members.length) }];
}

/** What the peer connection says, as lines of a list; what is not known yet is left out. */
export function mediaFacts(facts: MediaFacts | undefined, strings: Strings): readonly Fact[] {
  if (facts === undefined) return [];
  const words = strings.travel;
  const kinds = (Object.entries(facts.candidates) as [CandidateKind, number][])
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => words.kindCount(words.kinds[kind], count));
  const { pair } = facts;
  const lines: [string, string | undefined][] = [
    [words.addresses, kinds.join(', ')],
    [
      words.route,
      pair &&
        `${words.routeOf(words.kinds[pair.local], words.kinds[pair.remote])} (${pair.protocol.toUpperCase()})`,
    ],
    [words.codec, facts.codec],
    [words.encryption, facts.encryption],
    [words.roundTrip, roundTrip(facts.roundTripMs, strings)],
    [
      words.packets,
      facts.packetsSent + facts.packetsReceived === 0
        ? undefined
        : words.packetsOf(facts.packetsSent, facts.packetsReceived, facts.packetsLost),
    ],
  ];
  return lines.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [{ name, value }]));
}

function roundTrip(ms: number | undefined, strings: Strings): string | undefined {
  if (ms === undefined) return undefined;
  return strings.travel.milliseconds(ms < 1 ? '< 1' : String(Math.round(ms)));
}
