import { type Core, TransportState } from 'sip.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocketTransport } from './web-socket-transport.ts';

/** A socket whose network the test plays. */
class FakeSocket {
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static all: FakeSocket[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly sent: string[] = [];
  readonly url: string;
  closed = false;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  /** As on a dead network: no `onclose` ever follows. */
  close(): void {
    this.closed = true;
  }
}

const socket = (index: number) => {
  const found = FakeSocket.all.at(index);
  if (found === undefined) throw new RangeError('No such socket');
  return found;
};

let begun: FakeSocket | undefined;
let passed: string[];
let transport: WebSocketTransport;
let disconnected: number;

async function connect() {
  const connecting = transport.connect();
  socket(-1).onopen?.();
  await connecting;
}

beforeEach(() => {
  FakeSocket.all = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  begun = undefined;
  passed = [];
  disconnected = 0;
  transport = new WebSocketTransport({} as Core.Logger, {
    server: () => 'wss://gateway/ws',
    begun: () => {
      const given = begun;
      begun = undefined;
      return given as unknown as WebSocket | undefined;
    },
    onMessage: (text, sent) => passed.push(`${sent ? '>' : '<'} ${text}`),
  });
  transport.onDisconnect = () => {
    disconnected += 1;
  };
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('opens a socket, and tells of every message at the moment it passes', async () => {
  await connect();
  expect(transport.protocol).toBe('WSS');
  let received = '';
  transport.onMessage = (text) => {
    received = text;
  };
  await transport.send('INVITE a');
  socket(0).onmessage?.({ data: 'SIP/2.0 200 OK' });
  socket(0).onmessage?.({ data: '\r\n\r\n' });
  expect(received).toBe('SIP/2.0 200 OK');
  expect(passed).toEqual(['> INVITE a', '< SIP/2.0 200 OK']);
});

test('a socket that does not open rejects the connect, and nobody was connected', async () => {
  const connecting = transport.connect();
  socket(0).onclose?.({ code: 1006 });
  await expect(connecting).rejects.toThrow('1006');
  expect(transport.state).toBe(TransportState.Disconnected);
  expect(disconnected).toBe(0);
});

describe('a socket that the page has begun', () => {
  const begin = (readyState: number) => {
    begun = new FakeSocket('wss://gateway/ws');
    begun.readyState = readyState;
  };

  test('serves once it is open; the next connect opens another', async () => {
    begin(0);
    await connect();
    await transport.send('REGISTER a');
    expect(FakeSocket.all).toHaveLength(1);
    expect(socket(0).sent).toEqual(['REGISTER a']);
    await connect();
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('serves at once where it is open already', async () => {
    begin(FakeSocket.OPEN);
    await transport.connect();
    expect(transport.isConnected()).toBe(true);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('that has closed already counts as one that did not open', async () => {
    begin(FakeSocket.CLOSING);
    await expect(transport.connect()).rejects.toThrow('closed');
    expect(disconnected).toBe(0);
  });
});

describe('dropping', () => {
  test('takes effect at once, without waiting for the other end', async () => {
    await connect();
    transport.drop();
    expect(socket(0).closed).toBe(true);
    expect(transport.isConnected()).toBe(false);
    expect(disconnected).toBe(1);
  });

  test('ends a connect that still waits', async () => {
    const connecting = transport.connect();
    transport.drop();
    await expect(connecting).rejects.toThrow();
  });

  test('leaves nothing that a late message of the old socket could disturb', async () => {
    await connect();
    const old = socket(0);
    transport.drop();
    expect(old.onmessage).toBeNull();
    expect(old.onclose).toBeNull();
  });
});

describe('without a socket', () => {
  test('what a call has to say waits, and goes out over the next one, in order', async () => {
    await transport.send('CANCEL a');
    await transport.send('BYE b');
    await connect();
    expect(socket(0).sent).toEqual([]);
    transport.flush();
    expect(socket(0).sent).toEqual(['CANCEL a', 'BYE b']);
    transport.flush();
    expect(socket(0).sent).toHaveLength(2);
  });

  test('a REGISTER is refused: it belongs to its socket', async () => {
    await expect(transport.send('REGISTER x')).rejects.toThrow('Not connected');
  });

  test('what nobody waits for any more is not sent', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(0);
    await transport.send('INFO a');
    now.mockReturnValue(32_001);
    await connect();
    transport.flush();
    now.mockRestore();
    expect(socket(0).sent).toEqual([]);
  });
});
