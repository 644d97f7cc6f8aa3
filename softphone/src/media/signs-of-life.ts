interface Stat {
  readonly type: string;
  /** Of `inbound-rtp`. */
  readonly packetsReceived?: number;
  /** Of `candidate-pair`: the far end's answers to checks of the path, which go on for as long as it is used (RFC 7675). */
  readonly responsesReceived?: number;
}

/** How much has come in from the far end: packets of sound, and answers to checks of the path. */
export async function countSignsOfLife(peer: RTCPeerConnection): Promise<number> {
  let signs = 0;
  (await peer.getStats()).forEach(({ type, packetsReceived, responsesReceived }: Stat) => {
    if (type === 'inbound-rtp') signs += packetsReceived ?? 0;
    else if (type === 'candidate-pair') signs += responsesReceived ?? 0;
  });
  return signs;
}
