/**
 * When a description may go out, and with which candidates.
 *
 * The gateway is publicly reachable and does not trickle (RFC 8838): it learns a path of ours from
 * the checks we send it, as a peer-reflexive candidate (RFC 8445 §7.3.1.3), until it has found one. So one
 * usable candidate is enough to begin; what else is known by then goes along, and no server is waited for.
 */
export interface IceCandidate {
  /** The candidate attribute's value, without `a=candidate:`. */
  readonly text: string;
  readonly protocol: string;
  readonly address: string;
  readonly type: string;
}

/** One `a=candidate` line (RFC 8839 §5.1), or `undefined` where the text is none. */
export function parseCandidate(line: string): IceCandidate | undefined {
  const text = line.replace(/^(a=)?candidate:/, '').trim();
  const [, , protocol, , address, , , type] = text.split(' ');
  if (protocol === undefined || address === undefined || type === undefined) return undefined;
  return { text, protocol: protocol.toLowerCase(), address, type };
}

/** The gateway speaks ICE over UDP alone, and can't resolve the `.local` names that hide host addresses. */
function isUsable({ protocol, address }: IceCandidate): boolean {
  return protocol === 'udp' && !address.endsWith('.local');
}

/**
 * Whether a description with these candidates may go out. TCP ones are no candidates to the gateway: it would not even
 * begin, and after an ICE restart keep to the old path.
 * @param gatheringComplete the browser has no more to come
 */
export function isEnough(candidates: readonly IceCandidate[], gatheringComplete: boolean): boolean {
  return candidates.some(gatheringComplete ? ({ protocol }) => protocol === 'udp' : isUsable);
}

/**
 * A local description without the candidates that are of no use to the gateway. Where none would be
 * left they stay: the gateway begins ICE only when it is offered something.
 */
export function trimCandidates(sdp: string): string {
  const lines = sdp.split('\r\n');
  const candidates = lines.filter(isCandidateLine).map(parseCandidate);
  const anyUsable = candidates.some((candidate) => candidate !== undefined && isUsable(candidate));
  if (!anyUsable) return sdp;
  return lines
    .filter((line) => {
      const candidate = isCandidateLine(line) ? parseCandidate(line) : undefined;
      return candidate === undefined || isUsable(candidate);
    })
    .join('\r\n');
}

/** Index of the priority in a candidate line (RFC 8839 §5.1). */
const PRIORITY = 3;

/**
 * The far end's description with the same low priority for all of its candidates, which grows with each generation
 * (ICE restart). The priority of a pair follows from the lower one of its two (RFC 8445 §6.1.2.3), so that a pair of
 * the new generation beats any of the one before. Else a browser stays for another 3.5 s with the pair that it had,
 * where that was of a better kind, though its own address is gone.
 * @param generation how many times ICE was restarted
 */
export function rankByGeneration(sdp: string, generation: number): string {
  return sdp
    .split('\r\n')
    .map((line) => {
      if (!isCandidateLine(line)) return line;
      const words = line.split(' ');
      words[PRIORITY] = String(generation + 1);
      return words.join(' ');
    })
    .join('\r\n');
}

/** A description without its candidates, and these: the values of their lines. */
export function withholdCandidates(sdp: string): {
  readonly sdp: string;
  readonly candidates: readonly string[];
} {
  const lines = sdp.split('\r\n');
  return {
    sdp: lines.filter((line) => !isCandidateLine(line)).join('\r\n'),
    candidates: lines.filter(isCandidateLine).map((line) => line.slice('a='.length)),
  };
}

/** Who answers to the checks: it changes when ICE is restarted. */
export function iceUser(sdp: string): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
}

export function candidatesOf(sdp: string): readonly IceCandidate[] {
  return sdp
    .split('\r\n')
    .filter(isCandidateLine)
    .map(parseCandidate)
    .filter((candidate) => candidate !== undefined);
}

function isCandidateLine(line: string): boolean {
  return line.startsWith('a=candidate:');
}
