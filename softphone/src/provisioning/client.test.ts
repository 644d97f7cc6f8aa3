import { describe, expect, test } from 'vitest';
import { ProvisioningClient } from './client.ts';

function answering(status: number, body: unknown = {}) {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetcher: typeof fetch = async (url, init) => {
    requests.push({ url: String(url), init });
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  };
  return { client: new ProvisioningClient('/v1', { fetcher }), requests };
}

describe('signing in', () => {
  test('sends login and password in the body, never in the address', async () => {
    const { client, requests } = answering(201);
    await client.signIn('ada', 'a secret');
    expect(requests[0]?.url).toBe('/v1/sessions');
    expect(JSON.parse(String(requests[0]?.init?.body))).toEqual({ login: 'ada', password: 'a secret' });
  });

  test.each([
    [401, 'wrong-credentials'],
    [400, 'wrong-credentials'],
    [429, 'too-many-attempts'],
    [500, 'server-fault'],
  ])('status %i is told as %s', async (status, fault) => {
    await expect(answering(status).client.signIn('ada', 'x')).rejects.toMatchObject({ fault });
  });

  test('a server that is away is told as unreachable', async () => {
    const client = new ProvisioningClient('/v1', {
      fetcher: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    await expect(client.signIn('ada', 'x')).rejects.toMatchObject({ fault: 'unreachable' });
  });
});

describe('the phone configuration', () => {
  test('is what the server says', async () => {
    const config = { country: 'KR' };
    await expect(answering(200, config).client.phoneConfig()).resolves.toEqual(config);
  });

  test('is refused to who is not signed in', async () => {
    await expect(answering(401).client.phoneConfig()).rejects.toMatchObject({ fault: 'signed-out' });
  });
});

describe('a question for the phone configuration that the page has begun', () => {
  const fresh = { country: 'KR' };
  const client = (begun: Promise<Response>) =>
    new ProvisioningClient('/v1', { begun, fetcher: async () => Response.json(fresh) });

  test('is the first answer; the next one is asked for', async () => {
    const begun = client(Promise.resolve(Response.json({ country: 'US' })));
    await expect(begun.phoneConfig()).resolves.toEqual({ country: 'US' });
    await expect(begun.phoneConfig()).resolves.toEqual(fresh);
  });

  test('that failed is told as unreachable, and asked again', async () => {
    const begun = client(Promise.reject(new TypeError('Failed to fetch')));
    await expect(begun.phoneConfig()).rejects.toMatchObject({ fault: 'unreachable' });
    await expect(begun.phoneConfig()).resolves.toEqual(fresh);
  });
});

describe('merging calls', () => {
  test('names them by their Call-IDs', async () => {
    const { client, requests } = answering(204);
    await expect(client.merge(['a', 'b'])).resolves.toBeUndefined();
    expect(requests[0]?.url).toBe('/v1/phone/conferences');
    expect(JSON.parse(String(requests[0]?.init?.body))).toEqual({ calls: ['a', 'b'] });
  });

  test.each([
    [404, 'call-gone'],
    [409, 'in-two-conferences'],
    [502, 'unreachable'],
    [503, 'gateway-unavailable'],
    [401, 'failed'],
  ])('status %i is told as %s', async (status, fault) => {
    await expect(answering(status).client.merge(['a', 'b'])).resolves.toBe(fault);
  });

  test('a server that is away is told as unreachable', async () => {
    const away = () => Promise.reject(new TypeError('Failed to fetch'));
    const client = new ProvisioningClient('/v1', { fetcher: away });
    await expect(client.merge(['a', 'b'])).resolves.toBe('unreachable');
  });
});

describe('asking whether a call is still there', () => {
  test.each([true, false])('gives what the server says: %s', async (live) => {
    const { client, requests } = answering(200, { live });
    await expect(client.isLive('a/b@c')).resolves.toBe(live);
    expect(requests[0]?.url).toBe('/v1/phone/calls/a%2Fb%40c');
  });

  test.each([401, 404, 502, 503])('status %i says nothing', async (status) => {
    await expect(answering(status, { live: false }).client.isLive('a')).resolves.toBeUndefined();
  });

  test('goes on where a connection has died without a word', async () => {
    let asked = 0;
    const fetcher: typeof fetch = async (_url, init) => {
      asked += 1;
      if (asked > 1) return Response.json({ live: false });
      return new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    };
    await expect(new ProvisioningClient('/v1', { fetcher }).isLive('a')).resolves.toBe(false);
    expect(asked).toBe(2);
  });

  test('a server that is away, or answers something else, says nothing', async () => {
    const away = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(new ProvisioningClient('/v1', { fetcher: away }).isLive('a')).resolves.toBeUndefined();
    await expect(answering(200).client.isLive('a')).resolves.toBeUndefined();
    await expect(answering(204).client.isLive('a')).resolves.toBeUndefined();
  });
});

test('signing out of a session that is over already is no fault', async () => {
  await expect(answering(401).client.signOut()).resolves.toBeUndefined();
  await expect(answering(204).client.signOut()).resolves.toBeUndefined();
  await expect(answering(500).client.signOut()).rejects.toMatchObject({ fault: 'server-fault' });
});
