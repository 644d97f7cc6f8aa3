import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect } from 'vitest';
import { inContainers } from '../support/lab-in-containers.ts';
import { test } from './world.ts';

/** @returns the status of a WebSocket's handshake with the page's origin, from a page of another one */
async function handshake(url: string, origin: string | undefined): Promise<number | undefined> {
  const asked = request(`${url}/ws`, {
    agent: false,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('sixteen bytes it').toString('base64'),
      'sec-websocket-protocol': 'sip',
      ...(origin !== undefined && { origin }),
    },
  });
  asked.end();
  const [answer] = (await Promise.race([once(asked, 'upgrade'), once(asked, 'response')])) as [
    IncomingMessage,
  ];
  asked.destroy();
  return answer.statusCode;
}

test('the gateway is open to the own page and to those that the settings name, and to no other', async ({
  world,
}) => {
  const { url } = world.lab;
  expect(await handshake(url, undefined)).toBe(101);
  expect(await handshake(url, `http://localhost:${world.lab.ports.page}`)).toBe(101);
  // The stack in containers has the settings that it was brought up with.
  if (!inContainers) expect(await handshake(url, 'https://shop.example')).toBe(101);
  for (const origin of [
    'https://evil.example',
    'https://shop.example.evil.example',
    'http://shop.example',
    'null',
  ]) {
    expect(await handshake(url, origin), origin).toBe(403);
  }
});
