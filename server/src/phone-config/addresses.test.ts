import { readSettings, topology } from '@handset/gateway-config';
import { describe, expect, it } from 'vitest';
import { phoneAddresses } from './addresses.ts';

function addresses(host: string, secure = false, environment: Readonly<Record<string, string>> = {}) {
  const settings = readSettings(environment);
  const facts = { host, secure, address: '192.0.2.1', userAgent: '' };
  const { webSockets, turn } = phoneAddresses(facts, topology(settings, 'native'), settings);
  return [webSockets[0], turn[0]];
}

const publicly = { HANDSET_PUBLIC_URL: 'https://phone.example.com' };

describe('addresses for the phone', () => {
  it.each([
    ['localhost:8080', 'ws://localhost:8080/ws', 'turn:localhost:8088?transport=udp'],
    ['127.0.0.1:8080', 'ws://127.0.0.1:8080/ws', 'turn:127.0.0.1:8088?transport=udp'],
    ['127.0.0.1:9000', 'ws://127.0.0.1:9000/ws', 'turn:127.0.0.1:8088?transport=udp'],
  ])('follow the page at %s', (host, ...expected) => {
    expect(addresses(host)).toEqual(expected);
  });

  it('lead to the page where the API was asked directly', () => {
    expect(addresses('127.0.0.1:8081')[0]).toBe('ws://127.0.0.1:8080/ws');
  });

  it('are the public ones behind a public address, secure where that is', () => {
    const expected = ['wss://phone.example.com/ws', 'turn:phone.example.com:8088?transport=udp'];
    expect(addresses('phone.example.com', true, publicly)).toEqual(expected);
    expect(addresses('evil.example', true, publicly)).toEqual(expected);
    expect(addresses('not a host', true, publicly)).toEqual(expected);
    expect(addresses('', true, publicly)).toEqual(expected);
  });

  it('never follow a host that is not ours', () => {
    expect(addresses('evil.example:8080')).toEqual([
      'ws://localhost:8080/ws',
      'turn:localhost:8088?transport=udp',
    ]);
  });
});
