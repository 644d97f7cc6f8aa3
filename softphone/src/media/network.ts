import { NoCandidateError } from './gathering.ts';

/** Milliseconds. */
const PATIENCE_MS = 3_000;
/** Several times a second: a browser learns of another address half a second after the change, or two. */
const AGAIN_MS = 100;

/**
 * Resolves as soon as the browser can send media from anywhere. Just after its address has changed it can't: it takes a
 * while to know the new one, and tells nobody when it does.
 * @throws NoCandidateError after three seconds
 */
export async function untilThereIsANetwork(make = () => new RTCPeerConnection()): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await findsAny(make()))) {
    if (performance.now() >= deadline) throw new NoCandidateError();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function findsAny(peer: RTCPeerConnection): Promise<boolean> {
  try {
    const found = new Promise<boolean>((resolve) => {
      peer.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate === null) resolve(false);
        else if (candidate.protocol === 'udp') resolve(true);
      });
    });
    peer.addTransceiver('audio');
    await peer.setLocalDescription();
    return await found;
  } finally {
    peer.close();
  }
}
