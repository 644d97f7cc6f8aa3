import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeHeadStart } from './head-start.ts';

const ADDRESS = 'wss://gateway/ws';
let sockets: { url: string; closed: boolean }[];
let isLead: boolean;

/** Runs the page's first script anew, with what the server then answers. */
async function boot(answer: Promise<Response>): Promise<void> {
  vi.stubGlobal('fetch', () => answer);
  vi.resetModules();
  await import('./boot.ts');
}

const config = (...webSockets: string[]) => Promise.resolve(Response.json({ webSockets }));

beforeEach(() => {
  sockets = [];
  isLead = true;
  vi.stubGlobal('navigator', {
    locks: {
      request: async (_name: string, _options: object, taken: (lock: object | null) => unknown) =>
        taken(isLead ? {} : null),
    },
  });
  globalThis.handsetHeadStart = undefined;
  vi.useFakeTimers();
  vi.stubGlobal(
    'WebSocket',
    class {
      readonly url: string;
      closed = false;
      constructor(url: string) {
        this.url = url;
        sockets.push(this);
      }
      close(): void {
        this.closed = true;
      }
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  globalThis.handsetHeadStart = undefined;
});

test('the first address is opened before the answer is handed on, and handed over once', async () => {
  await boot(config(ADDRESS, 'wss://second/ws'));
  const headStart = takeHeadStart();
  const answer = await headStart?.config;
  expect(await answer?.json()).toEqual({ webSockets: [ADDRESS, 'wss://second/ws'] });
  expect(sockets.map(({ url }) => url)).toEqual([ADDRESS]);
  expect(headStart?.takeSocket('wss://second/ws')).toBeUndefined();
  expect(headStart?.takeSocket(ADDRESS)).toBe(sockets[0]);
  expect(headStart?.takeSocket(ADDRESS)).toBeUndefined();
  await vi.runAllTimersAsync();
  expect(sockets[0]?.closed).toBe(false);
});

test('nothing is opened for who is not signed in', async () => {
  await boot(Promise.resolve(new Response(null, { status: 401 })));
  expect((await takeHeadStart()?.config)?.status).toBe(401);
  expect(sockets).toEqual([]);
});

test.each([
  ['is no configuration', Promise.resolve(new Response('<html>'))],
  ['names no gateway', config()],
])('an answer that %s is handed on all the same', async (_, answer) => {
  await boot(answer);
  expect((await takeHeadStart()?.config)?.status).toBe(200);
  expect(sockets).toEqual([]);
});

test('a socket that no phone comes for is closed', async () => {
  await boot(config(ADDRESS));
  await globalThis.handsetHeadStart?.config;
  await vi.runAllTimersAsync();
  expect(sockets[0]?.closed).toBe(true);
});

test('nothing is begun in a tab beside one that has the phone', async () => {
  isLead = false;
  const asked = vi.fn(() => config(ADDRESS));
  vi.stubGlobal('fetch', asked);
  vi.resetModules();
  await import('./boot.ts');
  const headStart = takeHeadStart();
  expect(await headStart?.leads).toBe(false);
  expect(await headStart?.config).toBeUndefined();
  expect(asked).not.toHaveBeenCalled();
});

test('nothing is begun once the phone has come', async () => {
  expect(takeHeadStart()).toBeUndefined();
  const asked = vi.fn(() => config(ADDRESS));
  vi.stubGlobal('fetch', asked);
  vi.resetModules();
  await import('./boot.ts');
  expect(asked).not.toHaveBeenCalled();
  expect(takeHeadStart()).toBeUndefined();
});
