import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '../log.ts';
import { type FakeGateway, fakeGateway } from '../testing/fake-gateway.ts';
import { AmiClient } from './ami.ts';
import { AmiReader, field, writeAction } from './ami-protocol.ts';

function connectTo({ port }: FakeGateway, secret = 'the secret') {
  const log: string[] = [];
  const onConnected = vi.fn();
  const ami = new AmiClient({
    host: '127.0.0.1',
    port,
    username: 'handset',
    secret,
    log: createLog('trace', { write: (line: string) => void log.push(line) }),
    onConnected,
    onEvent: () => {},
  });
  ami.start();
  onTestFinished(() => ami.close());
  return { ami, log, onConnected };
}

const connected = (ami: AmiClient) =>
  vi.waitFor(() => expect(ami.isConnected).toBe(true), { timeout: 5_000 });

describe('the manager interface’s client', () => {
  it('signs in without showing its secret, neither on the wire nor in the log', async () => {
    const gateway = await fakeGateway('the secret');
    const { ami, log, onConnected } = connectTo(gateway);
    await connected(ami);
    expect(onConnected).toHaveBeenCalledOnce();
    expect(gateway.actions.map((action) => action.Action)).toEqual(['Challenge', 'Login']);
    expect(JSON.stringify(gateway.actions)).not.toContain('the secret');
    expect(log.join()).not.toMatch(/the secret|314159265/);
    expect(log.join()).not.toContain(gateway.actions[1]?.Key);
  });

  it('says that it was refused, and keeps trying', async () => {
    const gateway = await fakeGateway('the secret');
    const { ami, log } = connectTo(gateway, 'a wrong one');
    await vi.waitFor(
      () => expect(gateway.actions.filter(({ Action }) => Action === 'Login').length).toBe(2),
      {
        timeout: 5_000,
      },
    );
    expect(ami.isConnected).toBe(false);
    expect(log.join()).toContain('Authentication failed');
    await expect(ami.send('Ping', {})).rejects.toMatchObject({ failure: 'disconnected' });
  });

  it('keeps answers apart, each with the events of its list', async () => {
    const gateway = await fakeGateway('the secret');
    for (let i = 0; i < 50; i += 1) gateway.channels.set(`PJSIP/dv${i}-00000001`, `dv${i}`);
    gateway.contacts.set('1001;@a', { endpoint: 'dv1', uri: 'sip:dv1@192.0.2.1' });
    const { ami } = connectTo(gateway);
    await connected(ami);
    const [status, tree, ping] = await Promise.all([
      ami.send('Status', { Variables: 'HANDSET_CREDENTIAL' }),
      ami.send('DBGetTree', { Family: 'registrar/contact' }),
      ami.send('Ping', {}),
    ]);
    expect(status.events.map((event) => field(event, 'channel'))).toEqual([...gateway.channels.keys()]);
    expect(tree.events.map((event) => field(event, 'KEY'))).toEqual(['/registrar/contact/1001;@a']);
    expect(field(ping.response, 'Ping')).toBe('Pong');
    expect(ping.events).toEqual([]);
  });

  it('comes back after the gateway restarts, and fails at once what was under way', async () => {
    const gateway = await fakeGateway('the secret');
    const { ami, onConnected } = connectTo(gateway);
    await connected(ami);
    gateway.silent = true;
    const underWay = ami.send('Ping', {});
    underWay.catch(() => {});
    await gateway.stop();
    await expect(underWay).rejects.toMatchObject({ failure: 'disconnected' });
    expect(ami.isConnected).toBe(false);
    gateway.silent = false;
    await gateway.resume();
    await connected(ami);
    expect(onConnected).toHaveBeenCalledTimes(2);
  });

  it('takes a gateway that does not answer for dead, and connects anew', async () => {
    const gateway = await fakeGateway('the secret');
    const { ami, onConnected } = connectTo(gateway);
    await connected(ami);
    gateway.silent = true;
    await expect(ami.send('Ping', {})).rejects.toMatchObject({ failure: 'timeout' });
    gateway.silent = false;
    await vi.waitFor(() => expect(onConnected).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  });
});

describe('the protocol', () => {
  it('takes messages in any pieces', () => {
    const wire =
      'Asterisk Call Manager/11\r\nResponse: Success\r\nA: 1\r\na: 2: 3\r\n\r\nEvent: X\r\nEmpty:\r\n\r\n';
    for (let size = 1; size <= wire.length; size += 1) {
      const reader = new AmiReader();
      const messages = (wire.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []).flatMap((piece) =>
        reader.push(piece),
      );
      expect(messages.map((message) => [...message])).toEqual([
        [
          ['response', ['Success']],
          ['a', ['1', '2: 3']],
        ],
        [
          ['event', ['X']],
          ['empty', ['']],
        ],
      ]);
    }
  });

  it('writes no field that would begin another', () => {
    expect(() => writeAction('DBDel', '1', { Family: 'x', Key: 'a\r\nAction: Originate' })).toThrow(
      TypeError,
    );
  });

  it('gives up on a message without end', () => {
    const reader = new AmiReader();
    expect(() => {
      for (let i = 0; i < 20; i += 1) reader.push('x'.repeat(100_000));
    }).toThrow(RangeError);
  });
});
