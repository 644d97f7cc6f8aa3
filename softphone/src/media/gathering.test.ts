import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Gathering, type GatheringPeer, NoCandidateError } from './gathering.ts';

/** A peer connection that finds candidates when it is told to. */
class FakePeer extends EventTarget implements GatheringPeer {
  iceGatheringState: RTCIceGatheringState = 'gathering';
  signalingState: RTCSignalingState = 'have-local-offer';
  localDescription: RTCSessionDescription = describedBy('');
  restarts = 0;

  find(address: string): void {
    const line = `a=candidate:1 1 udp 2122194687 ${address} 40000 typ host\r\n`;
    this.localDescription = describedBy(this.localDescription.sdp + line);
    this.dispatchEvent(new Event('icecandidate'));
  }

  complete(): void {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }

  restartIce(): void {
    this.restarts += 1;
  }

  async setLocalDescription(): Promise<void> {
    this.iceGatheringState = 'gathering';
  }
}

function describedBy(sdp: string): RTCSessionDescription {
  return { type: 'offer', sdp, toJSON: () => ({ type: 'offer', sdp }) };
}

let peer: FakePeer;
let gathering: Gathering;
let done: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  peer = new FakePeer();
  gathering = new Gathering(peer as GatheringPeer);
  done = false;
});
afterEach(() => vi.useRealTimers());

function begin(): Promise<void> {
  return gathering.done().then(() => {
    done = true;
  });
}

describe('a description', () => {
  test('waits for no server: what was found ahead of the call goes out at once', async () => {
    peer.find('192.0.2.7');
    await vi.advanceTimersByTimeAsync(100);
    await begin();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes along what is found right after the first', async () => {
    void begin();
    peer.find('127.0.0.1');
    await vi.advanceTimersByTimeAsync(20);
    expect(done).toBe(false);
    peer.find('192.0.2.7');
    await vi.advanceTimersByTimeAsync(20);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(done).toBe(true);
  });

  test('of a call that rang hardly waits: its candidates were found meanwhile', async () => {
    peer.find('127.0.0.1');
    peer.find('192.0.2.7');
    void gathering.done(true).then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(5);
    expect(done).toBe(true);
  });

  test('goes out as soon as the browser has no more to come', async () => {
    void begin();
    peer.find('192.0.2.7');
    peer.complete();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toBe(true);
  });

  test('is sent with a hidden address where nothing else has come up', async () => {
    void begin();
    peer.find('0c1a.local');
    peer.complete();
    await vi.advanceTimersByTimeAsync(600);
    expect(done).toBe(true);
  });

  test('comes to nothing where the browser finds no address, and looks again before that', async () => {
    const outcome = expect(begin()).rejects.toThrow(NoCandidateError);
    peer.complete();
    await vi.advanceTimersByTimeAsync(3_500);
    await outcome;
    expect(peer.restarts).toBeGreaterThan(0);
  });
});
