import { expect, test } from 'vitest';
import { GatewayAddresses } from './gateway-addresses.ts';

test('addresses are tried in their order, and around again', () => {
  const addresses = new GatewayAddresses(['a', 'b', 'c']);
  const tried = Array.from({ length: 4 }, () => {
    addresses.advance();
    return addresses.current;
  });
  expect(tried).toEqual(['a', 'b', 'c', 'a']);
});

test('one that worked is tried once more before the next', () => {
  const addresses = new GatewayAddresses(['a', 'b']);
  addresses.advance();
  addresses.advance();
  addresses.worked();
  addresses.advance();
  expect(addresses.current).toBe('b');
  addresses.advance();
  expect(addresses.current).toBe('a');
});

test('a new list keeps the one in use where it has it', () => {
  const addresses = new GatewayAddresses(['a', 'b']);
  addresses.advance();
  addresses.advance();
  addresses.replace(['c', 'b']);
  expect(addresses.current).toBe('b');
  addresses.replace(['d', 'e']);
  addresses.advance();
  expect(addresses.current).toBe('d');
});

test('the gateway is down when all of its addresses in a row say so', () => {
  const addresses = new GatewayAddresses(['a', 'b']);
  expect(addresses.answered('down')).toBe(false);
  expect(addresses.answered('down')).toBe(true);
  expect(addresses.answered('no-way')).toBe(false);
  expect(addresses.answered('down')).toBe(false);
  expect(addresses.answered('worth-trying')).toBe(false);
});
