import { describe, expect, test } from 'vitest';
import {
  candidatesOf,
  iceUser,
  isEnough,
  parseCandidate,
  rankByGeneration,
  trimCandidates,
  withholdCandidates,
} from './ice-policy.ts';

const HOST = 'candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host generation 0';
const TCP = 'candidate:2 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active';
const HIDDEN = 'candidate:3 1 udp 2122260223 4f0c9d52-1111.local 50001 typ host';
const RELAY = 'candidate:4 1 udp 41885439 198.51.100.1 3480 typ relay raddr 203.0.113.5 rport 50000';
const parsed = (...lines: string[]) => lines.map(parseCandidate).filter((c) => c !== undefined);
const sdp = (...candidates: string[]) =>
  ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...candidates.map((c) => `a=${c}`), 'a=sendrecv', ''].join(
    '\r\n',
  );

test('a candidate line is read', () => {
  expect(parseCandidate(`a=${RELAY}`)).toMatchObject({
    protocol: 'udp',
    address: '198.51.100.1',
    type: 'relay',
  });
  expect(parseCandidate('a=rtpmap:111 opus/48000/2')).toBeUndefined();
});

describe('a description may go out', () => {
  test('as soon as there is one address that the gateway can use', () => {
    expect(isEnough(parsed(HOST), false)).toBe(true);
    expect(isEnough(parsed(RELAY), false)).toBe(true);
  });

  test('not with TCP or hidden addresses alone while more may come', () => {
    expect(isEnough(parsed(TCP, HIDDEN), false)).toBe(false);
    expect(isEnough([], false)).toBe(false);
  });

  test('with whatever there is once nothing more comes, but never with nothing', () => {
    expect(isEnough(parsed(HIDDEN), true)).toBe(true);
    expect(isEnough(parsed(TCP), true)).toBe(false);
    expect(isEnough([], true)).toBe(false);
  });
});

describe('trimming', () => {
  test('leaves out TCP and hidden addresses, and nothing else', () => {
    expect(trimCandidates(sdp(HOST, TCP, HIDDEN, RELAY))).toBe(sdp(HOST, RELAY));
  });

  test('keeps what there is when nothing else would be left', () => {
    expect(trimCandidates(sdp(TCP, HIDDEN))).toBe(sdp(TCP, HIDDEN));
  });
});

test('the candidates of a description are counted by kind', () => {
  expect(candidatesOf(sdp(HOST, RELAY)).map(({ type }) => type)).toEqual(['host', 'relay']);
});

test('of two generations every candidate of the later one comes first, and all of one are equal', () => {
  const priorities = (generation: number) =>
    rankByGeneration(sdp(HOST, RELAY), generation)
      .split('\r\n')
      .filter((line) => line.startsWith('a=candidate'))
      .map((line) => line.split(' ')[3]);
  expect(priorities(0)).toEqual(['1', '1']);
  expect(priorities(1)).toEqual(['2', '2']);
  expect(candidatesOf(rankByGeneration(sdp(HOST, RELAY), 7)).map(({ address }) => address)).toEqual([
    '192.0.2.7',
    '198.51.100.1',
  ]);
});

test('who answers to the checks is read from a description', () => {
  expect(iceUser('v=0\r\na=ice-ufrag:J67v\r\na=ice-pwd:x')).toBe('J67v');
  expect(iceUser('v=0')).toBeUndefined();
});

test('candidates are withheld from a description, to be told later as they are', () => {
  const { sdp, candidates } = withholdCandidates(
    ['v=0', 'm=audio 9 X 0', 'a=candidate:1 1 udp 1 192.0.2.7 40000 typ host', 'a=mid:0', ''].join('\r\n'),
  );
  expect(sdp).toBe('v=0\r\nm=audio 9 X 0\r\na=mid:0\r\n');
  expect(candidates).toEqual(['candidate:1 1 udp 1 192.0.2.7 40000 typ host']);
});
