import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../listen.ts';
import { fakeGateway } from '../testing/fake-gateway.ts';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { addressTrunk, createTrunk, digestTrunk } from '../testing/trunks.ts';

/** A carrier on the loopback that answers each request over UDP with this status. @returns its port */
async function carrierOverUdp(status: string): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const socket = createSocket('udp4', (request, { port, address }) => {
    heard.push(String(request));
    socket.send(`SIP/2.0 ${status}\r\nContent-Length: 0\r\n\r\n`, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { port: socket.address().port, heard };
}

/** The same over TCP, in two pieces; without a status it hangs up. */
async function carrierOverTcp(status?: string): Promise<number> {
  const carrier = createServer((socket) => {
    socket.once('data', () => {
      socket.write('SIP/2.0 ');
      const rest = `${status}\r\nContent-Length: 0\r\n\r\n`;
      setImmediate(() => (status === undefined ? socket.end() : socket.write(rest)));
    });
  }).listen(0, '127.0.0.1');
  await once(carrier, 'listening');
  onTestFinished(() => void carrier.close());
  return portOf(carrier);
}

/** What the test of a trunk says of its one host, that gets no OPTIONS from the gateway. */
async function answersOf(server: ServerUnderTest, transport: 'udp' | 'tcp', port: number) {
  const trunk = {
    ...addressTrunk,
    transport,
    optionsIntervalSeconds: 0,
    hosts: [{ host: '127.0.0.1', port }],
  };
  const { id } = await createTrunk(server, trunk);
  const { body } = await server.operate('POST', `/v1/trunks/${id}/test`);
  return body.findings.find(({ check }: { check: string }) => check === 'answers');
}

describe('the test of a trunk', () => {
  it('says in words what works, where it can be asked', { timeout: 20_000 }, async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, addressTrunk);
    expect((await server.operate('POST', `/v1/trunks/${id}/test`)).status).toBe(503);
    await server.operate('PATCH', '/v1/trunks/trunk', {
      optionsIntervalSeconds: 0,
      hosts: [{ host: 'no-such-host.invalid' }],
    });
    const { body } = await server.operate('POST', '/v1/trunks/trunk/test');
    expect(body).toMatchObject({ works: false });
    expect(body.findings[0]).toMatchObject({ check: 'resolves', works: false, host: 'no-such-host.invalid' });
  });

  it('says which of it does not work, where the carrier is silent', { timeout: 30_000 }, async () => {
    const gateway = await fakeGateway('a secret of the manager interface, long');
    const server = await serverUnderTest({ amiPort: gateway.port, amiSecret: gateway.secret });
    await server.gatewayConnected();
    const { id } = await createTrunk(server, { ...digestTrunk, kind: 'registration' });
    const { status, body } = await server.operate('POST', `/v1/trunks/${id}/test`);
    expect([status, body.works]).toEqual([200, false]);
    expect(body.findings).toMatchObject([
      { check: 'resolves', works: true },
      { check: 'answers', works: false, words: expect.stringMatching(/^It left an OPTIONS .* too: /) },
      { check: 'registers', works: false, words: 'It has not answered the registration.' },
      { check: 'takes-calls', works: false },
    ]);
  });

  it('tells the status of an answer, and what it may mean', async () => {
    const server = await serverUnderTest();
    const carrier = await carrierOverUdp('403 Forbidden');
    const found = await answersOf(server, 'udp', carrier.port);
    expect(found).toMatchObject({ works: null, host: '127.0.0.1' });
    expect(found.words).toMatch(/answered with 403 Forbidden: it may not know this address of ours/);
    expect(carrier.heard[0]).toMatch(/^OPTIONS sip:127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
    const well = await answersOf(server, 'udp', (await carrierOverUdp('200 OK')).port);
    expect(well).toMatchObject({ works: true, words: expect.stringContaining('answered with 200 OK.') });
    const over = await answersOf(server, 'tcp', await carrierOverTcp('404 Not Found'));
    expect(over).toMatchObject({
      works: true,
      words: expect.stringContaining('answered with 404 Not Found.'),
    });
  });

  it('tells why there is no answer', async () => {
    const server = await serverUnderTest();
    const silent = await carrierOverTcp();
    const closed = await answersOf(server, 'tcp', silent);
    expect(closed).toMatchObject({ works: null, words: expect.stringContaining('without an answer.') });
    const endless = await answersOf(server, 'tcp', await carrierOverTcp('x'.repeat(20_000)));
    expect(endless.words).toContain('is no SIP.');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOf(taken);
    await new Promise((done) => taken.close(done));
    for (const transport of ['tcp', 'udp'] as const) {
      const { works, words } = await answersOf(server, transport, port);
      expect([works, words]).toEqual([null, expect.stringContaining('Nothing listens at that port.')]);
    }
  });

  it('says of one that is not enabled that no call goes to it', async () => {
    const server = await serverUnderTest();
    const { port } = await carrierOverUdp('200 OK');
    await server.operate('PATCH', '/v1/trunks/trunk', {
      hosts: [{ host: '127.0.0.1', port }],
      enabled: false,
    });
    const { body } = await server.operate('POST', '/v1/trunks/trunk/test');
    expect(body.findings.at(-1)).toMatchObject({
      check: 'takes-calls',
      works: null,
      words: expect.stringContaining('It is not enabled'),
    });
  });

  it('asks no host whose name is unknown', { timeout: 20_000 }, async () => {
    const server = await serverUnderTest();
    const { id } = await createTrunk(server, {
      ...addressTrunk,
      optionsIntervalSeconds: 0,
      hosts: [{ host: 'no-such-host.invalid' }],
    });
    const { body } = await server.operate('POST', `/v1/trunks/${id}/test`);
    expect(body.findings.map(({ check }: { check: string }) => check)).toEqual(['resolves', 'takes-calls']);
  });

  describe('of the last call over it', () => {
    it.each([
      ['was translated', { phone: 'g722', carrier: 'ulaw' }, /it took pcmu, while the phone had g722/],
      ['was passed on as it is', { phone: 'g722', carrier: 'g722' }, undefined],
      ['came to the phone in a codec that the trunk has not', { phone: 'opus', carrier: 'g722' }, undefined],
    ])('that %s', async (_what, { phone, carrier }, words) => {
      const server = await serverUnderTest();
      const { port } = await carrierOverUdp('200 OK');
      const { id } = await createTrunk(server, {
        ...addressTrunk,
        optionsIntervalSeconds: 0,
        hosts: [{ host: '127.0.0.1', port }],
        codecs: ['g722', 'pcmu'],
      });
      const { db } = server.running.database;
      const call = { direction: 'outbound', trunk: id, credential: 'phone' } as const;
      const call_id = 'last';
      await db
        .insertInto('call_records')
        .values([
          { ...call, call_id: 'before', started_at: 1, answered_at: 2 },
          { ...call, call_id, started_at: 3, answered_at: 4 },
          { ...call, call_id: 'not-answered', started_at: 5 },
        ])
        .execute();
      await db
        .insertInto('call_legs')
        .values([
          { id: 'a', call_id, credential: 'phone', codec: phone },
          { id: 'b', call_id, credential: id, codec: carrier },
          // A colleague to whom it was handed on.
          { id: 'c', call_id, credential: 'colleague', codec: 'opus', ended_at: 9 },
        ])
        .execute();
      const { body } = await server.operate('POST', `/v1/trunks/${id}/test`);
      expect(body.works).toBe(true);
      const said = body.findings.find(({ check }: { check: string }) => check === 'takes-calls')?.words;
      if (words === undefined) expect(said).toBeUndefined();
      else expect(said).toMatch(words);
    });
  });
});
