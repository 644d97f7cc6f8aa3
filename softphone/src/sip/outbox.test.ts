import { beforeEach, expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

let now: number;
let outbox: Outbox;

const message = (method: string, branch: string, toTag = ';tag=there') =>
  `${method} sip:x SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK${branch}\r\nTo: <sip:x>${toTag}\r\n\r\n`;
const response = (branch: string) =>
  `SIP/2.0 200 OK\r\nVia: SIP/2.0/WS a.invalid;rport=1;received=127.0.0.1;branch=z9hG4bK${branch}\r\n\r\n`;

beforeEach(() => {
  now = 0;
  outbox = new Outbox(() => now);
});

test('what had no socket waits for the next one, once', () => {
  outbox.wait(message('BYE', 'a'));
  expect(outbox.take()).toEqual([message('BYE', 'a')]);
  expect(outbox.take()).toEqual([]);
});

test('what went into a dead socket goes out again, before what waited', () => {
  outbox.sent(message('BYE', 'a'));
  outbox.wait(message('BYE', 'b'));
  outbox.socketLost();
  expect(outbox.take()).toEqual([message('BYE', 'a'), message('BYE', 'b')]);
});

test('an answer tells that all before it has arrived', () => {
  outbox.sent(message('ACK', 'a'));
  outbox.sent(message('OPTIONS', 'b'));
  outbox.sent(message('BYE', 'c'));
  outbox.received(response('b'));
  outbox.socketLost();
  expect(outbox.take()).toEqual([message('BYE', 'c')]);
});

test('an answer to something else, or a request, tells nothing', () => {
  outbox.sent(message('BYE', 'a'));
  outbox.received(response('z'));
  outbox.received(message('BYE', 'a'));
  outbox.socketLost();
  expect(outbox.take()).toHaveLength(1);
});

test('registrations, probes and calls that are not there yet end with their socket', () => {
  outbox.sent(message('REGISTER', 'a', ''));
  outbox.sent(message('OPTIONS', 'b', ''));
  outbox.sent(message('INVITE', 'c', ''));
  outbox.sent(message('INVITE', 'd'));
  outbox.socketLost();
  expect(outbox.take()).toEqual([message('INVITE', 'd')]);
});

test('a request is forgotten after half a minute, the end of a call after half an hour', () => {
  outbox.wait(message('INVITE', 'a'));
  outbox.wait(message('BYE', 'b'));
  now = 33_000;
  expect(outbox.take()).toEqual([message('BYE', 'b')]);
  outbox.wait(message('BYE', 'b'));
  now += 31 * 60_000;
  expect(outbox.take()).toEqual([]);
});
