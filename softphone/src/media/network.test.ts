import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoCandidateError } from './gathering.ts';
import { untilThereIsANetwork } from './network.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Peer connections that find candidates of this protocol, or none. */
function peers(protocols: readonly (string | undefined)[]) {
  const made: { closed: boolean }[] = [];
  const make = () => {
    const protocol = protocols[Math.min(made.length, protocols.length - 1)];
    const peer = Object.assign(new EventTarget(), {
      closed: false,
      addTransceiver: () => undefined,
      setLocalDescription: async () => {
        const tell = (candidate: { protocol: string } | null) =>
          peer.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
        if (protocol !== undefined) tell({ protocol });
        tell(null);
      },
      close: () => {
        peer.closed = true;
      },
    });
    made.push(peer);
    return peer as unknown as RTCPeerConnection;
  };
  return { made, make };
}

test('a network is there when the browser finds an address for UDP, and is looked for until then', async () => {
  const { made, make } = peers([undefined, 'tcp', 'udp']);
  const found = untilThereIsANetwork(make);
  await vi.advanceTimersByTimeAsync(1_000);
  await found;
  expect(made).toHaveLength(3);
  expect(made.every(({ closed }) => closed)).toBe(true);
});

test('a browser that finds no address for three seconds has no network', async () => {
  const { made, make } = peers([undefined]);
  const outcome = expect(untilThereIsANetwork(make)).rejects.toThrow(NoCandidateError);
  await vi.advanceTimersByTimeAsync(3_500);
  await outcome;
  expect(made.every(({ closed }) => closed)).toBe(true);
});
