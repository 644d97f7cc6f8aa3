import { afterEach, expect, test, vi } from 'vitest';
import { Probe } from './probe.ts';

const answerTo = (text: string, status: string) => {
  const headers = text.split('\r\n').slice(1).join('\r\n');
  return `SIP/2.0 ${status}\r\n${headers}`;
};

afterEach(() => {
  vi.useRealTimers();
});

test('any answer to a probe is one, a challenge too', () => {
  const probe = new Probe('handset.local', 'WSS');
  const asked = probe.next();
  expect(asked).toMatch(/^OPTIONS sip:handset\.local SIP\/2\.0\r\n(.+\r\n)+\r\n$/);
  expect(asked).toContain('\r\nVia: SIP/2.0/WSS ');
  expect(probe.askedAt(answerTo(asked, '401 Unauthorized'))).toBeGreaterThan(0);
  expect(probe.askedAt(answerTo(asked, '503 Service Unavailable'))).toBeGreaterThan(0);
});

test('what others ask, or are answered, is none', () => {
  const probe = new Probe('handset.local', 'WSS');
  expect(probe.askedAt(probe.next())).toBeUndefined();
  expect(probe.askedAt(answerTo(new Probe('handset.local', 'WSS').next(), '200 OK'))).toBeUndefined();
});

test('each probe is a transaction of its own', () => {
  const probe = new Probe('handset.local', 'WS');
  const branches = [probe.next(), probe.next()].map((text) => /branch=(\S+)/.exec(text)?.[1]);
  expect(branches[0]).not.toBe(branches[1]);
});

test('an answer tells when it was asked for', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  const probe = new Probe('handset.local', 'WSS');
  const asked = probe.next();
  vi.setSystemTime(61_000);
  probe.next();
  expect(probe.askedAt(answerTo(asked, '401 Unauthorized'))).toBe(1_000);
});
