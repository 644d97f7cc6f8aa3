import { expect, test } from 'vitest';
import { fragmentStatus } from './join.ts';

test.each([
  ['SIP/2.0 100 Trying\r\n', 100],
  ['SIP/2.0 200 OK', 200],
  ['SIP/2.0 603 Declined\r\n', 603],
  ['SIP/2.0 2000 OK', 0],
  ['', 0],
  [undefined, 0],
])('the status of the fragment %j is %i', (body, status) => {
  expect(fragmentStatus(body)).toBe(status);
});
