/** What a peer connection says of itself (`getStats`, WebRTC Statistics), in the words a person asks in. */
export interface MediaFacts {
  /** How many candidates of each kind the browser found (RFC 8445 §5.1.1). */
  readonly candidates: Readonly<Record<CandidateKind, number>>;
  /** The pair that carries the sound. */
  readonly pair?: {
    readonly local: CandidateKind;
    readonly remote: CandidateKind;
    readonly protocol: string;
  };
  /** As `opus, 48 kHz`. */
  readonly codec?: string;
  /** As `DTLS 1.2, SRTP_AES128_CM_HMAC_SHA1_80`. */
  readonly encryption?: string;
  readonly roundTripMs?: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
}

export type CandidateKind = 'host' | 'srflx' | 'prflx' | 'relay';

interface Stat {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

export async function inspect(peer: RTCPeerConnection): Promise<MediaFacts> {
  const report = await peer.getStats();
  const stats: Stat[] = [];
  report.forEach((stat: Stat) => {
    stats.push(stat);
  });
  return factsOf(stats);
}

/** The facts behind a report's entries. */
export function factsOf(stats: readonly Stat[]): MediaFacts {
  const byId = new Map(stats.map((stat) => [stat.id, stat]));
  const find = (type: string) =>
    stats.find((stat) => stat.type === type && (stat.kind ?? 'audio') === 'audio');
  const look = (id: unknown) => (typeof id === 'string' ? byId.get(id) : undefined);
  const inbound = find('inbound-rtp');
  const transport = find('transport');
  const pair = look(transport?.selectedCandidatePairId);
  const facts = {
    candidates: countKinds(stats),
    pair: pairOf(look(pair?.localCandidateId), look(pair?.remoteCandidateId)),
    codec: codecOf(look((inbound ?? find('outbound-rtp'))?.codecId)),
    encryption: encryptionOf(transport),
    roundTripMs: milliseconds(pair?.currentRoundTripTime),
    packetsSent: count(find('outbound-rtp')?.packetsSent),
    packetsReceived: count(inbound?.packetsReceived),
    packetsLost: Math.max(0, count(inbound?.packetsLost)),
  };
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as unknown as MediaFacts;
}

function countKinds(stats: readonly Stat[]): Record<CandidateKind, number> {
  const counts = { host: 0, srflx: 0, prflx: 0, relay: 0 };
  for (const stat of stats) {
    if (stat.type === 'local-candidate' && stat.protocol === 'udp') counts[kindOf(stat)] += 1;
  }
  return counts;
}

function kindOf(stat: Stat | undefined): CandidateKind {
  const kind = stat?.candidateType;
  return kind === 'srflx' || kind === 'prflx' || kind === 'relay' ? kind : 'host';
}

function pairOf(local: Stat | undefined, remote: Stat | undefined): MediaFacts['pair'] | undefined {
  if (local === undefined || remote === undefined) return undefined;
  // A relayed path's own leg may be UDP, TCP or TLS: the one that firewalls see.
  return {
    local: kindOf(local),
    remote: kindOf(remote),
    protocol: String(local.relayProtocol ?? local.protocol ?? ''),
  };
}

function codecOf(codec: Stat | undefined): string | undefined {
  if (typeof codec?.mimeType !== 'string') return undefined;
  const name = codec.mimeType.replace(/^audio\//, '');
  // G.722 samples at 16 kHz and counts its RTP time at 8 kHz (RFC 3551 §4.5.2).
  const rate = name.toUpperCase() === 'G722' ? 16_000 : codec.clockRate;
  return typeof rate === 'number' ? `${name}, ${rate / 1_000} kHz` : name;
}

/** TLS' own version bytes (RFC 8446 §B.3.1): DTLS counts down from FEFF. */
const DTLS_VERSIONS: Readonly<Record<string, string>> = {
  FEFF: 'DTLS 1.0',
  FEFD: 'DTLS 1.2',
  FEFC: 'DTLS 1.3',
};

function encryptionOf(transport: Stat | undefined): string | undefined {
  if (typeof transport?.srtpCipher !== 'string') return undefined;
  const version = DTLS_VERSIONS[String(transport.tlsVersion).toUpperCase()] ?? 'DTLS';
  return `${version}, ${transport.srtpCipher.replace(/^(?!SRTP)/, 'SRTP_')}`;
}

function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? Math.round(seconds * 10_000) / 10 : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
