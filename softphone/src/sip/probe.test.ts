import { expect, test } from 'vitest';
import { Probe } from './probe.ts';

const answerTo = (text: string, status: string) => {
  const headers = text.split('\r\n').slice(1).join('\r\n');
  return `SIP/2.0 ${status}\r\n${headers}`;
};

test('any answer to a probe is one, a challenge too', () => {
  const probe = new Probe('handset.local', 'WSS');
  const asked = probe.next();
  expect(asked).toMatch(/^OPTIONS sip:handset\.local SIP\/2\.0\r\n(.+\r\n)+\r\n$/);
  expect(asked).toContain('\r\nVia: SIP/2.0/WSS ');
  expect(probe.isAnswer(answerTo(asked, '401 Unauthorized'))).toBe(true);
  expect(probe.isAnswer(answerTo(asked, '503 Service Unavailable'))).toBe(true);
});

test('what others ask, or are answered, is none', () => {
  const probe = new Probe('handset.local', 'WSS');
  expect(probe.isAnswer(probe.next())).toBe(false);
  expect(probe.isAnswer(answerTo(new Probe('handset.local', 'WSS').next(), '200 OK'))).toBe(false);
});

test('each probe is a transaction of its own', () => {
  const probe = new Probe('handset.local', 'WS');
  const branches = [probe.next(), probe.next()].map((text) => /branch=(\S+)/.exec(text)?.[1]);
  expect(branches[0]).not.toBe(branches[1]);
});
