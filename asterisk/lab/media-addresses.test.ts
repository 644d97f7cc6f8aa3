import { expect, test } from 'vitest';
import { rangeOf } from './media-addresses.ts';

test.each([
  ['172.18.0.5', '255.255.0.0', '172.18.0.0-172.18.255.255'],
  ['10.1.2.131', '255.255.255.128', '10.1.2.128-10.1.2.255'],
  ['192.0.2.1', '255.255.255.255', '192.0.2.1-192.0.2.1'],
])('the network of %s with %s is %s', (address, netmask, range) => {
  expect(rangeOf(address, netmask)).toBe(range);
});
