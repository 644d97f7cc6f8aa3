import { describe, expect, test } from 'vitest';
import { factsOf } from './inspect.ts';

const report = [
  { id: 'L1', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
  { id: 'L2', type: 'local-candidate', candidateType: 'host', protocol: 'tcp' },
  { id: 'L3', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' },
  { id: 'R1', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
  {
    id: 'P1',
    type: 'candidate-pair',
    localCandidateId: 'L3',
    remoteCandidateId: 'R1',
    currentRoundTripTime: 0.0123,
  },
  {
    id: 'T1',
    type: 'transport',
    selectedCandidatePairId: 'P1',
    tlsVersion: 'FEFD',
    srtpCipher: 'SRTP_AES128_CM_HMAC_SHA1_80',
  },
  { id: 'C1', type: 'codec', mimeType: 'audio/opus', clockRate: 48_000 },
  { id: 'I1', type: 'inbound-rtp', kind: 'audio', codecId: 'C1', packetsReceived: 50, packetsLost: -1 },
  { id: 'O1', type: 'outbound-rtp', kind: 'audio', codecId: 'C1', packetsSent: 60 },
];

test('a call in progress is told in plain facts', () => {
  expect(factsOf(report)).toEqual({
    candidates: { host: 1, srflx: 0, prflx: 0, relay: 1 },
    pair: { local: 'relay', remote: 'host', protocol: 'tls' },
    codec: 'opus, 48 kHz',
    encryption: 'DTLS 1.2, SRTP_AES128_CM_HMAC_SHA1_80',
    roundTripMs: 12.3,
    packetsSent: 60,
    packetsReceived: 50,
    packetsLost: 0,
  });
});

test('G.722 is told by what it samples at, not by its historical RTP clock', () => {
  const g722 = report.map((stat) =>
    stat.type === 'codec' ? { ...stat, mimeType: 'audio/G722', clockRate: 8_000 } : stat,
  );
  expect(factsOf(g722).codec).toBe('G722, 16 kHz');
});

describe('before the media is up', () => {
  test('what is not known is not said', () => {
    const facts = factsOf(report.slice(0, 2));
    expect(facts).toEqual({
      candidates: { host: 1, srflx: 0, prflx: 0, relay: 0 },
      packetsSent: 0,
      packetsReceived: 0,
      packetsLost: 0,
    });
  });
});
