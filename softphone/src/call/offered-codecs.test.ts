import { expect, test } from 'vitest';
import { offeredTo } from './offered-codecs.ts';
import { CONFIG } from './testing.ts';

test.each(['12', '1002', '123456'])('%s is an extension: all codecs are offered', (target) => {
  expect(offeredTo(target, CONFIG)).toEqual(['opus', 'g722', 'pcmu', 'pcma']);
});

test.each(['+12025550101', '2025550101', '911', '112', '*86', ''])(
  '%s leads outside: what the trunks have is offered',
  (target) => {
    expect(offeredTo(target, CONFIG)).toEqual(['g722', 'pcmu', 'pcma']);
  },
);

test('who a call is handed on to is called with what that call has', () => {
  expect(offeredTo('1002', CONFIG, ['pcma'])).toEqual(['pcma']);
  expect(offeredTo('+12025550101', CONFIG, ['opus'])).toEqual(['g722', 'pcmu', 'pcma']);
});
