import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProvisioningClient } from './client.ts';
import { PhoneToken } from './phone-token.ts';

const API = 'https://phone.example.com/v1';

/** A server that takes some tokens, and a page that is asked for them. */
function embedded(valid: Set<string>) {
  const asked = vi.fn();
  const token = new PhoneToken(asked);
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetcher: typeof fetch = async (url, init) => {
    requests.push({ url: String(url), init });
    const bearer = new Headers(init?.headers).get('authorization')?.slice('Bearer '.length) ?? '';
    return Response.json({ country: 'KR' }, { status: valid.has(bearer) ? 200 : 401 });
  };
  return { client: new ProvisioningClient(API, { token, fetcher }), token, asked, requests, valid };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a phone with a token', () => {
  test('shows it in a header alone, and sends no cookie', async () => {
    const { client, token, requests } = embedded(new Set(['first']));
    token.give('first');
    await client.phoneConfig();
    await client.reportQuality('call', { packetsReceived: 1, packetsLost: 0, jitterMs: 0 });
    for (const { url, init } of requests) {
      expect(url).not.toContain('first');
      expect(init?.credentials).toBe('omit');
      expect(new Headers(init?.headers).get('authorization')).toBe('Bearer first');
    }
    expect(requests).toHaveLength(2);
  });

  test('asks the page for one where there is none, and goes on when it is given', async () => {
    const { client, token, asked } = embedded(new Set(['first']));
    const config = client.phoneConfig();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledOnce();
    token.give('first');
    await expect(config).resolves.toEqual({ country: 'KR' });
  });

  test('asks for another one when its time is over: once, whoever waits', async () => {
    const { client, token, asked, valid } = embedded(new Set(['first', 'second']));
    token.give('first');
    await client.phoneConfig();
    valid.delete('first');
    const both = Promise.all([client.phoneConfig(), client.phoneConfig()]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledOnce();
    token.give('second');
    await expect(both).resolves.toHaveLength(2);
  });

  test('asks a page that only has tokens that are over every two seconds, no more', async () => {
    const { client, token, asked, requests } = embedded(new Set());
    asked.mockImplementation(() => token.give('old'));
    void client.phoneConfig();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(11);
    expect(requests.length).toBeLessThanOrEqual(11);
    expect(asked.mock.calls.length).toBeGreaterThan(5);
  });

  test('has no session to end: signing out asks the server nothing', async () => {
    const { client, token, requests } = embedded(new Set(['first']));
    token.give('first');
    await client.signOut();
    expect(requests).toEqual([]);
  });
});
