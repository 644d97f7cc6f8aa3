import { describe, expect, test } from 'vitest';
import { newCall } from '../call/call-state.ts';
import type { CallSnapshot, PhoneSnapshot } from '../call/snapshot.ts';
import { en } from '../i18n/en.ts';
import { ko } from '../i18n/ko.ts';
import { farEnd, ladder, mediaFacts, mixFact } from './travel-facts.ts';

const to = (number: string): CallSnapshot => ({
  ...newCall('outgoing', 0),
  id: 'c',
  remote: { number },
  trace: [],
});
const step = (at: number, label: string, status?: number) => ({
  at,
  label,
  method: 'INVITE',
  sent: status === undefined,
  hasDescription: false,
  ...(status === undefined ? {} : { status }),
});

test.each([
  ['+12025550101', 'carrier'],
  ['1002', 'colleague'],
  ['911', 'carrier'],
  ['', 'carrier'],
])('a call with %j goes to the %s', (number, end) => {
  expect(farEnd(to(number))).toBe(end);
});

test('of a conference it is said where it is mixed', () => {
  const call = to('1002');
  const member = { ...call, status: 'established', merged: true } as const;
  const phone = (calls: readonly CallSnapshot[]) => ({ calls, floor: 'c' }) as unknown as PhoneSnapshot;
  expect(mixFact(phone([member, { ...member, id: 'd' }]), en)).toEqual([
    { name: 'Conference', value: 'mixed on the gateway (ConfBridge), with 2 far ends' },
  ]);
  expect(mixFact(phone([member]), en)).toEqual([]);
});

describe('the ladder', () => {
  const trace = [
    step(100, 'INVITE'),
    step(101.23, '401 Unauthorized', 401),
    step(1_650.4, '486 Busy Here', 486),
  ];

  test('counts from the first message', () => {
    expect(ladder(trace, en).map(({ time }) => time)).toEqual(['0 ms', '1.2 ms', '1550 ms']);
  });

  test('says what each message means', () => {
    expect(ladder(trace, en).map(({ meaning }) => meaning)).toEqual([
      'asks for a call',
      'prove who you are',
      'busy',
    ]);
    expect(ladder(trace, ko)[2]?.meaning).toBe('통화 중');
  });

  test('marks a failure, but not a challenge', () => {
    expect(ladder(trace, en).map(({ tone }) => tone)).toEqual(['request', 'other', 'bad']);
  });
});

describe('the facts about the sound', () => {
  const facts = {
    candidates: { host: 2, srflx: 0, prflx: 0, relay: 1 },
    pair: { local: 'relay', remote: 'host', protocol: 'udp' },
    packetsSent: 0,
    packetsReceived: 0,
    packetsLost: 0,
  } as const;

  test('name the kinds of address and the pair in use, and leave out what is not known', () => {
    expect(mediaFacts(facts, en)).toEqual([
      { name: 'Your addresses (ICE candidates)', value: 'own address: 2, relayed: 1' },
      { name: 'Pair in use', value: 'relayed ↔ own address (UDP)' },
    ]);
  });

  test('are none before there is a connection', () => {
    expect(mediaFacts(undefined, en)).toEqual([]);
  });
});
