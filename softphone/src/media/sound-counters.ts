import type { SoundSample } from '../call/quality.ts';

/** What a peer connection has counted of a call's sound until now (WebRTC Statistics). */
export interface SoundCounters {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
  readonly far: Energy;
  readonly near: Energy;
  readonly network: string;
  /** As `opus`. */
  readonly codec: string | undefined;
}

/** `totalAudioEnergy` and `totalSamplesDuration`: their quotient is the mean square of the samples. */
interface Energy {
  readonly total: number | undefined;
  readonly seconds: number;
}

interface Stat {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

export async function countSound(peer: RTCPeerConnection): Promise<SoundCounters> {
  const stats: Stat[] = [];
  (await peer.getStats()).forEach((stat: Stat) => {
    stats.push(stat);
  });
  return countersOf(stats);
}

/** The counters among a report's entries. */
export function countersOf(stats: readonly Stat[]): SoundCounters {
  const find = (type: string) =>
    stats.find((stat) => stat.type === type && (stat.kind ?? 'audio') === 'audio');
  const look = (id: unknown) => stats.find((stat) => stat.id === id);
  const inbound = find('inbound-rtp');
  const pair =
    look(find('transport')?.selectedCandidatePairId) ??
    stats.find(
      (stat) => stat.type === 'candidate-pair' && stat.nominated === true && stat.state === 'succeeded',
    );
  const roundTrip = number(pair?.currentRoundTripTime) ?? number(find('remote-inbound-rtp')?.roundTripTime);
  const codec = look(inbound?.codecId)?.mimeType;
  return {
    packetsReceived: number(inbound?.packetsReceived) ?? 0,
    packetsLost: Math.max(0, number(inbound?.packetsLost) ?? 0),
    jitterMs: (number(inbound?.jitter) ?? 0) * 1_000,
    roundTripMs: roundTrip === undefined ? undefined : roundTrip * 1_000,
    far: energyOf(inbound),
    near: energyOf(find('media-source')),
    network: networkOf(look(pair?.localCandidateId)),
    codec: typeof codec === 'string' ? codec.replace(/^audio\//, '') : undefined,
  };
}

/** What passed between two looks. */
export function sampleBetween(before: SoundCounters, now: SoundCounters): SoundSample {
  const received = Math.max(0, now.packetsReceived - before.packetsReceived);
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  return {
    received,
    lossPercent: lost === 0 ? 0 : (100 * lost) / (lost + received),
    jitterMs: now.jitterMs,
    roundTripMs: now.roundTripMs ?? 0,
    farLoudness: loudness(before.far, now.far),
    nearLoudness: loudness(before.near, now.near),
    network: now.network,
  };
}

/** Unknown where nothing was counted, and where counting began anew, as with another microphone. */
function loudness(before: Energy, now: Energy): number | undefined {
  const seconds = now.seconds - before.seconds;
  if (before.total === undefined || now.total === undefined || seconds <= 0) return undefined;
  const energy = now.total - before.total;
  return energy < 0 ? undefined : Math.sqrt(energy / seconds);
}

function energyOf(stat: Stat | undefined): Energy {
  return { total: number(stat?.totalAudioEnergy), seconds: number(stat?.totalSamplesDuration) ?? 0 };
}

/** The own address behind the path; a candidate that others saw or gave names it as its related address. */
function networkOf(local: Stat | undefined): string {
  if (local === undefined) return '';
  const own = local.candidateType === 'host' ? local.address : (local.relatedAddress ?? local.address);
  return `${local.networkType ?? ''} ${own ?? ''}`.trim();
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
