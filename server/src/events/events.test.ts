import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FakeGateway, fakeGateway } from '../testing/fake-gateway.ts';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { EventLog } from './event-log.ts';

const SECRET = 'a secret for the manager interface';

async function underTest() {
  const gateway = await fakeGateway(SECRET);
  const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: SECRET });
  await server.gatewayConnected();
  return { gateway, server };
}

/** A reader of the stream: what it got so far. */
async function reader(
  server: ServerUnderTest,
  { query = '', lastId = '', key = server.config.secrets.apiKey as string } = {},
) {
  const headers = { authorization: `Bearer ${key}`, ...(lastId && { 'last-event-id': lastId }) };
  const request = get(`${server.api}/v1/events${query}`, { agent: false, headers });
  request.on('error', () => {});
  onTestFinished(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const got = { text: '' };
  response.setEncoding('utf8').on('data', (piece: string) => {
    got.text += piece;
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  response.on('error', () => {});
  return {
    status: response.statusCode,
    headers: response.headers,
    ended,
    text: () => got.text,
    types: () => [...got.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type),
    ids: () => [...got.text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? ''),
    leave: () => request.destroy(),
  };
}

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 10 });

/** A call between its channels, as the gateway tells of it. */
function call(gateway: FakeGateway, id: string, variables: Readonly<Record<string, string>> = {}) {
  const Channel = `PJSIP/dv1-${id}`;
  const fields = { Uniqueid: id, Linkedid: id, ChannelState: '4' };
  return {
    rings() {
      const named = { HANDSET_CALL: id, 'CDR(direction)': 'inbound' };
      gateway.calls.set(Channel, { fields, variables: { ...named, ...variables } });
      gateway.tell({ Event: 'DialBegin', Channel, ...fields });
    },
    isAnswered: () => gateway.tell({ Event: 'Newstate', Channel, ...fields, ChannelState: '6' }),
  };
}

describe('the stream of events', () => {
  it('asks the gateway for calls’ events only while somebody reads', async () => {
    const { gateway, server } = await underTest();
    const masks = () => gateway.actions.flatMap(({ EventMask }) => EventMask ?? []);
    expect(gateway.actions.find(({ Action }) => Action === 'Login')?.Events).toBe('security');
    expect(masks()).toEqual([]);
    const { status, headers } = await reader(server);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
    expect(masks()).toEqual(['security,call']);
  });

  it('tells of a call once that it rings and once that it is answered, in their order', async () => {
    const { gateway, server } = await underTest();
    const { types, text } = await reader(server);
    const incoming = call(gateway, '17.1', { 'CDR(number)': '+12125550142', 'CDR(extension)': '1001' });
    incoming.rings();
    incoming.rings();
    incoming.isAnswered();
    incoming.rings();
    call(gateway, '18.1').rings();
    await eventually(() => expect(types()).toHaveLength(3));
    expect(text()).toContain('"id":"17.1","state":"ringing"');
    const ofIt = [...text().matchAll(/^event: (.*)\ndata: \{"id":"17\.1"/gm)].map(([, type]) => type);
    expect(ofIt).toEqual(['call.ringing', 'call.answered']);
  });

  it('tells that a call ended with its record, once that is written', async () => {
    const { gateway, server } = await underTest();
    const { types, text } = await reader(server);
    gateway.tell({ Event: 'Hangup', Uniqueid: '17.2', Linkedid: '17.1' });
    gateway.tell({ Event: 'Hangup', Uniqueid: '17.1', Linkedid: '17.1' });
    const record = { call_id: '17.1', direction: 'inbound', reason: 'busy', sip_code: 486 } as const;
    await server.running.database.db
      .insertInto('call_records')
      .values(record as never)
      .execute();
    await eventually(() => expect(types()).toEqual(['call.ended']));
    expect(text()).toContain('"reason":"busy"');
  });

  it('tells that a transferred call ended when it does, not when the phone has left it', async () => {
    const { gateway, server } = await underTest();
    const { types, text } = await reader(server);
    const { db } = server.running.database;
    call(gateway, '17.1').rings();
    await eventually(() => expect(types()).toEqual(['call.ringing']));
    const record = {
      call_id: '17.1',
      direction: 'outbound',
      answered_at: 1_000,
      reason: 'completed',
    } as const;
    await db
      .insertInto('call_records')
      .values(record as never)
      .execute();
    const ChanVariable = 'HANDSET_CREDENTIAL=dv1\r\nChanVariable: HANDSET_CALL=17.1';
    gateway.tell({ Event: 'Hangup', Uniqueid: '17.1', Linkedid: '17.1', ChanVariable });
    call(gateway, '18.1').rings();
    await eventually(() => expect(types()).toEqual(['call.ringing', 'call.ringing']));
    // The far ends of both calls are joined now.
    await db.updateTable('call_records').set({ ended_at: 61_000 }).where('call_id', '=', '17.1').execute();
    gateway.tell({ Event: 'Hangup', Uniqueid: '17.2', Linkedid: '16.9', ChanVariable });
    await eventually(() => expect(types()).toEqual(['call.ringing', 'call.ringing', 'call.ended']));
    expect(text()).toContain('"durationMs":60000');
  });

  it('tells of contacts that come and go', async () => {
    const { gateway, server } = await underTest();
    gateway.contacts.set('1001;@a', { endpoint: 'dv1', uri: 'sip:dv1@192.0.2.1' });
    const { types } = await reader(server);
    gateway.contacts.set('1002;@b', { endpoint: 'dv2', uri: 'sip:dv2@192.0.2.1' });
    await eventually(() => expect(types()).toEqual(['device.registered']));
    gateway.contacts.clear();
    await eventually(() =>
      expect(types()).toEqual(['device.registered', 'device.unregistered', 'device.unregistered']),
    );
  });

  it('shows each key what it may read', async () => {
    const { gateway, server } = await underTest();
    const keyWith = async (scope: string): Promise<string> =>
      (await server.operate('POST', '/v1/api-keys', { name: scope, scopes: [scope] })).body.key;
    const devices = await reader(server, { key: await keyWith('devices:read') });
    const calls = await reader(server, { key: await keyWith('calls:read') });
    const both = await reader(server, { query: '?only=calls' });
    call(gateway, '17.1').rings();
    await eventually(() =>
      expect([calls.types(), both.types()]).toEqual([['call.ringing'], ['call.ringing']]),
    );
    expect(devices.types()).toEqual([]);
    expect((await reader(server, { key: await keyWith('devices:read'), query: '?only=calls' })).status).toBe(
      403,
    );
    expect((await reader(server, { key: await keyWith('users:read') })).status).toBe(403);
    expect((await reader(server, { key: 'none' })).status).toBe(401);
  });

  it('gives a reader that comes back what it missed, and nothing twice', async () => {
    const { gateway, server } = await underTest();
    const first = await reader(server);
    for (const id of ['1.1', '2.1', '3.1']) call(gateway, id).rings();
    await eventually(() => expect(first.types()).toHaveLength(3));
    first.leave();
    // Which of the three calls comes first is all the same: each is looked up by itself.
    const [, one = '', ...rest] = first.ids();
    const second = await reader(server, { lastId: one });
    await eventually(() => expect(second.types()).toHaveLength(2));
    expect(second.ids().slice(1)).toEqual(rest);
  });

  it.each(['another.5', 'nonsense', '…'.repeat(60)])(
    'resets a reader that comes back with %s',
    async (lastId) => {
      const { server } = await underTest();
      const back = await reader(server, { lastId: encodeURIComponent(lastId) });
      await eventually(() => expect(back.types()).toEqual(['reset']));
    },
  );

  it('resets everybody when the gateway was away', async () => {
    const { gateway, server } = await underTest();
    const here = await reader(server);
    call(gateway, '1.1').rings();
    await eventually(() => expect(here.types()).toEqual(['call.ringing']));
    await gateway.stop();
    await gateway.resume();
    await eventually(() => expect(here.types()).toEqual(['call.ringing', 'reset']));
    expect(gateway.actions.findLast(({ Action }) => Action === 'Login')?.Events).toBe('security,call');
  });

  it('ends when the server does', async () => {
    const { server } = await underTest();
    const here = await reader(server);
    await server.running.close();
    await here.ended;
  });

  it('drops a reader that does not keep up, and goes on for the others', async () => {
    const { gateway, server } = await underTest();
    const slow = connect({ host: '127.0.0.1', port: Number(new URL(server.api).port) });
    const { promise: dropped, resolve: drop } = Promise.withResolvers<void>();
    slow.on('error', () => {}).once('close', drop);
    slow.pause();
    const { apiKey } = server.config.secrets;
    slow.write(`GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`);
    const other = await reader(server);
    // More than the system keeps for a connection, and then as much as the server does.
    const long = 'x'.repeat(500_000);
    for (let n = 1; n <= 20; n += 1) {
      call(gateway, `${n}.1`, { 'CDR(number)': long }).rings();
      await eventually(() => expect(other.types()).toHaveLength(n));
    }
    let received = 0;
    slow.on('data', (piece) => {
      received += piece.length;
    });
    slow.resume();
    await dropped;
    expect(received).toBeLessThan(20 * long.length);
    expect(other.types()).toHaveLength(20);
  }, 30_000);
});

describe('the log of events', () => {
  const log = (
    onWanted: (wanted: boolean) => Promise<void> | void,
    options: { readonly heartbeatMs?: number; readonly longestReadingMs?: number } = {},
  ) => {
    let epoch = 0;
    const made = new EventLog({
      onWanted: async (wanted) => onWanted(wanted),
      lingerMs: 0,
      epoch: () => `e${++epoch}`,
      ...options,
    });
    onTestFinished(() => made.close());
    return made;
  };
  const everything = { wants: () => true };
  const read = (from: EventLog, after?: string) => from.read({ ...everything, after });

  it('takes no more readers than it can serve', async () => {
    const events = log(() => {});
    const readers = await Promise.all(Array.from({ length: 100 }, () => read(events)));
    expect(readers).not.toContain(undefined);
    expect(await read(events)).toBeUndefined();
  });

  it('wants no events some time after the last reader left, and begins anew then', async () => {
    const wanted = vi.fn();
    const events = log(wanted);
    const reader = await read(events);
    events.publish({ type: 'call.ringing', data: 1 });
    reader?.destroy();
    await vi.waitFor(() => expect(wanted.mock.calls).toEqual([[true], [false]]));
    events.publish({ type: 'call.ringing', data: 2 });
    const back = await read(events, 'e1.1');
    expect(String(back?.read())).toContain('event: reset');
  });

  it('says something now and then, so that nobody in between takes the connection for dead', async () => {
    const reader = await read(log(() => {}, { heartbeatMs: 10 }));
    let text = '';
    reader?.on('data', (piece: string) => {
      text += piece;
    });
    await eventually(() => expect(text).toMatch(/\n\n:\n\n:\n\n$/));
  });

  it('ends a reading after its time; the reader goes on where it was', async () => {
    const events = log(() => {}, { longestReadingMs: 50 });
    const reader = await read(events);
    let text = '';
    reader?.on('data', (piece: string) => {
      text += piece;
    });
    events.publish({ type: 'call.ringing', data: 1 });
    await new Promise((resolve) => reader?.once('end', resolve));
    const [lastId] = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id).slice(-1);
    events.publish({ type: 'call.answered', data: 2 });
    const again = String((await read(events, lastId))?.read());
    expect(again.match(/^event: (.*)/gm)).toEqual(['event: call.answered']);
  });

  it('knows only the latest events', async () => {
    const events = log(() => {});
    await read(events);
    for (let n = 1; n <= 2_500; n += 1) events.publish({ type: 'call.ringing', data: n });
    const after = async (n: number) => String((await read(events, `e1.${n}`))?.read());
    expect(await after(499)).toContain('event: reset');
    expect((await after(500)).match(/^event: (.*)/gm)).toEqual(Array(2_000).fill('event: call.ringing'));
    expect(await after(2_501)).toContain('event: reset');
  });
});
