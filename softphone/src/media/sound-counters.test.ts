import { describe, expect, test } from 'vitest';
import { countersOf, sampleBetween } from './sound-counters.ts';

const STATS = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', localCandidateId: 'L', currentRoundTripTime: 0.04 },
  { id: 'L', type: 'local-candidate', candidateType: 'host', address: '192.0.2.1', networkType: 'wifi' },
  { id: 'C', type: 'codec', mimeType: 'audio/opus' },
  {
    id: 'I',
    type: 'inbound-rtp',
    kind: 'audio',
    codecId: 'C',
    packetsReceived: 100,
    packetsLost: 2,
    jitter: 0.003,
    totalAudioEnergy: 1,
    totalSamplesDuration: 2,
  },
  { id: 'M', type: 'media-source', kind: 'audio', totalAudioEnergy: 0, totalSamplesDuration: 2 },
];
const before = countersOf(STATS);

/** One second later, with what has changed by then. */
function later(changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  return sampleBetween(before, countersOf(STATS.map((stat) => ({ ...stat, ...changes[stat.id] }))));
}

test('what was counted is read from the report', () => {
  expect(before).toEqual({
    packetsReceived: 100,
    packetsLost: 2,
    jitterMs: 3,
    roundTripMs: 40,
    far: { total: 1, seconds: 2 },
    near: { total: 0, seconds: 2 },
    network: 'wifi 192.0.2.1',
    codec: 'opus',
  });
});

describe('a second', () => {
  test('has the packets that came and the share of those that did not', () => {
    expect(later({ I: { packetsReceived: 148, packetsLost: 4 } })).toMatchObject({
      received: 48,
      lossPercent: 4,
    });
  });

  test('in which nothing was sent has lost nothing', () => {
    expect(later({})).toMatchObject({ received: 0, lossPercent: 0 });
  });

  test('has no loss below none when packets turn out to have come twice', () => {
    expect(later({ I: { packetsReceived: 150, packetsLost: 1 } }).lossPercent).toBe(0);
  });

  test('is as loud as its energy', () => {
    const sample = later({ I: { totalAudioEnergy: 1.25, totalSamplesDuration: 3 } });
    expect(sample.farLoudness).toBeCloseTo(0.5);
  });

  test('of a silent microphone has a loudness of 0', () => {
    expect(later({ M: { totalSamplesDuration: 3 } }).nearLoudness).toBe(0);
  });

  test('in which the microphone was changed has no loudness', () => {
    expect(later({ M: { totalSamplesDuration: 0.2 } }).nearLoudness).toBeUndefined();
  });

  test('over a relay is known by the own address behind it', () => {
    const relayed = { L: { candidateType: 'relay', address: '198.51.100.9', relatedAddress: '192.0.2.7' } };
    expect(later(relayed).network).toBe('wifi 192.0.2.7');
  });
});

test('a report of which nothing is known yet counts nothing', () => {
  expect(countersOf([])).toMatchObject({ packetsReceived: 0, network: '', roundTripMs: undefined });
});
