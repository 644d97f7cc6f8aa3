import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { readAuthority } from '../support/network/browser-at-home.ts';
import { setPath } from '../support/network/nat.ts';
import { test } from '../support/network/network-test.ts';
import { GATEWAY_ADDRESS, PUBLIC_NAME } from '../support/network/world.ts';
import { RawWebSocket } from '../support/raw-web-socket.ts';

const PAGE = `https://${PUBLIC_NAME}`;
const target = async (data: string) => ({
  address: GATEWAY_ADDRESS,
  port: 443,
  host: PUBLIC_NAME,
  authority: await readAuthority(data),
});

test('page, API and WebSocket are of one origin with TLS, and http is sent there', async ({
  router,
  signedIn,
  onTestFinished,
}) => {
  await setPath(router, 'open');
  const { phone } = await signedIn();
  expect(new URL(phone.page.url()).origin).toBe(PAGE);
  const sockets: string[] = [];
  phone.page.on('websocket', (socket) => sockets.push(socket.url()));
  await phone.page.reload();
  await phone.says('Ready');
  expect(new Set(sockets)).toEqual(new Set([`wss://${PUBLIC_NAME}/ws`]));
  const cookies = await phone.context.cookies();
  expect(cookies.every(({ secure, httpOnly }) => secure && httpOnly)).toBe(true);
  const other = await phone.context.newPage();
  onTestFinished(() => other.close());
  await other.goto(`http://${PUBLIC_NAME}/`);
  expect(other.url()).toBe(`${PAGE}/`);
});

describe('a WebSocket', () => {
  test('of a foreign page is refused, in a browser and out of it', async ({ router, signedIn, lab }) => {
    await setPath(router, 'open');
    const { phone } = await signedIn();
    const foreign = await phone.context.newPage();
    await foreign.route('https://evil.example/', (route) => route.fulfill({ body: '<p>Hello</p>' }));
    await foreign.goto('https://evil.example/');
    const outcome = await foreign.evaluate(`new Promise((done) => {
      const socket = new WebSocket('wss://${PUBLIC_NAME}/ws', 'sip');
      socket.onopen = () => done('opened');
      socket.onerror = () => done('refused');
    })`);
    expect(outcome).toBe('refused');
    const statusFor = async (origin?: string) => {
      const { socket, status } = await RawWebSocket.open(await target(lab.data), origin);
      socket.close();
      return status;
    };
    expect(await statusFor('https://evil.example')).toBe(403);
    expect(await statusFor(`https://${PUBLIC_NAME}.evil.example`)).toBe(403);
    expect(await statusFor('null')).toBe(403);
    expect(await statusFor(PAGE)).toBe(101);
  });

  test('that sends far too much is slowed down; a phone beside it notices nothing', async ({
    router,
    signedIn,
    lab,
  }) => {
    await setPath(router, 'open');
    const { phone } = await signedIn();
    const { socket, status } = await RawWebSocket.open(await target(lab.data));
    expect(status).toBe(101);
    for (let i = 0; i < FLOOD; i += 1) socket.send(options(i));
    await delay(FLOOD_MS);
    const answers = socket.received.split('SIP/2.0 401').length - 1;
    socket.close();
    expect(answers).toBeGreaterThan(10);
    // A second's worth may go at once.
    expect(answers * options(0).length).toBeLessThanOrEqual(BYTES_A_SECOND * (FLOOD_MS / 1_000 + 2));
    await phone.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(1004);
  });

  test('is refused after 300 in ten seconds from one address, and given to another address', async ({
    router,
    signedIn,
    lab,
  }) => {
    await setPath(router, 'open');
    const statuses: number[] = [];
    for (let i = 0; i < 310 && statuses.at(-1) !== 429; i += 1) {
      const { socket, status } = await RawWebSocket.open(await target(lab.data));
      socket.close();
      statuses.push(status);
    }
    expect(statuses[0]).toBe(101);
    expect(statuses.at(-1)).toBe(429);
    await signedIn();
  });
});

/** As in `asterisk/haproxy/haproxy.cfg`. */
const BYTES_A_SECOND = 32_768;
const FLOOD = 2_000;
const FLOOD_MS = 3_000;

function options(i: number): string {
  const branch = `z9hG4bKflood${String(i).padStart(8, '0')}`;
  return [
    `OPTIONS sip:handset.local SIP/2.0`,
    `Via: SIP/2.0/WSS flood.invalid;branch=${branch}`,
    'Max-Forwards: 70',
    `From: <sip:flood@handset.local>;tag=${branch}`,
    'To: <sip:handset.local>',
    `Call-ID: ${branch}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

test('from outside the gateway’s HTTP, its console and the server are not reached', async ({ home, lab }) => {
  const { gatewayHttp, ami, api, internal } = lab.ports;
  for (const port of [gatewayHttp, ami, api, internal]) {
    expect([port, await home.namespace.reaches(GATEWAY_ADDRESS, port)]).toEqual([port, false]);
  }
  expect(await home.namespace.reaches(GATEWAY_ADDRESS, 443)).toBe(true);
  const here = connect(gatewayHttp, '127.0.0.1');
  await new Promise((connected) => here.once('connect', connected));
  here.destroy();
});
