import { describe, expect, test } from 'vitest';
import { type ConnectionEvent, nextConnection, retryDelay, STOPPED } from './connection-state.ts';

const after = (...events: ConnectionEvent[]) => events.reduce(nextConnection, STOPPED);

describe('the connection', () => {
  test('opens, registers, is ready', () => {
    expect(after('start', 'opened', 'registered')).toEqual({ status: 'ready', failures: 0, wasReady: true });
  });

  test('waits after each failure and counts them until it is ready again', () => {
    expect(after('start', 'failed', 'due', 'opened', 'failed')).toMatchObject({
      status: 'waiting',
      failures: 2,
    });
    expect(after('start', 'failed', 'due', 'opened', 'registered').failures).toBe(0);
  });

  test('remembers that it was ready when it is lost', () => {
    expect(after('start', 'opened', 'registered', 'lost')).toMatchObject({
      status: 'waiting',
      wasReady: true,
    });
  });

  test('that was not heard of for a minute is in doubt until it answers or fails', () => {
    expect(after('start', 'opened', 'registered', 'stale').status).toBe('doubtful');
    expect(after('start', 'opened', 'registered', 'stale', 'answered').status).toBe('ready');
    expect(after('start', 'opened', 'registered', 'stale', 'failed').status).toBe('waiting');
  });

  test('a refusal ends the attempts until a new start', () => {
    expect(after('start', 'opened', 'refused', 'lost', 'due').status).toBe('refused');
    expect(after('start', 'opened', 'refused', 'start').status).toBe('connecting');
  });

  test('late echoes change nothing, not even the object', () => {
    const ready = after('start', 'opened', 'registered');
    expect(nextConnection(ready, 'opened')).toBe(ready);
    expect(nextConnection(ready, 'due')).toBe(ready);
    expect(nextConnection(ready, 'registered')).toBe(ready);
    const stopped = after('start', 'stop');
    expect(nextConnection(stopped, 'lost')).toBe(stopped);
  });
});

describe('the pause before a retry', () => {
  test('grows from a tenth of a second to three', () => {
    expect([1, 2, 3, 4].map((n) => retryDelay(n, 0.5))).toEqual([100, 200, 300, 300]);
  });

  test('is spread by a quarter either way', () => {
    expect(retryDelay(4, 0)).toBe(225);
    expect(retryDelay(4, 1)).toBe(375);
  });

  test('eases off after a minute', () => {
    expect(retryDelay(200, 0.5)).toBe(300);
    expect(retryDelay(201, 0.5)).toBe(4_000);
  });
});
