import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUser, type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { prefixRange } from './prefix.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;
const numbered = (n: number) => `+1202555${String(n).padStart(4, '0')}`;

function importing(server: ServerUnderTest, type: string, raw: string) {
  const headers = { authorization: `Bearer ${server.config.secrets.apiKey}`, 'content-type': type };
  return server.ask('POST', '/v1/numbers/import', { raw, headers });
}

const count = async (server: ServerUnderTest) => {
  const { db } = server.running.database;
  const { n } = await db
    .selectFrom('numbers')
    .select((of) => of.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
};

describe('importing numbers', { timeout: 30_000 }, () => {
  it.each([
    ['JSON lines', 'application/x-ndjson', (n: number) => `{"e164":"${numbered(n)}"}`, ''],
    ['CSV', 'text/csv', (n: number) => `"${numbered(n)}"`, '\ufeffe164\r\n'],
  ])('takes 10,000 at once as %s', async (_what, type, line, head) => {
    const server = await serverUnderTest();
    const lines = Array.from({ length: 10_000 }, (_, n) => line(n));
    const { status, body } = await importing(server, type, `${head}${lines.join('\r\n')}\r\n`);
    expect([status, body]).toEqual([201, { imported: 10_000 }]);
    expect(await count(server)).toBe(10_000);
    const one = await importing(server, type, `${head}${[...lines, line(0)].join('\n')}`);
    expect(one.body.faults[0].message).toBe('is one more than 10000');
  });

  it('takes none where any line is bad, and names each with its reason', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/numbers', { e164: numbered(7) });
    const json = [numbered(1), '+0123', numbered(7), numbered(1)].map((e164) => JSON.stringify({ e164 }));
    const lines = [...json, 'nonsense', '[]', '', `{"e164":"${numbered(2)}","x":1}`, '{}'];
    const answer = await importing(server, 'application/x-ndjson', lines.join('\n'));
    expect([answer.status, answer.body.type]).toEqual([422, problem('import-refused')]);
    expect(answer.body.faults).toEqual([
      { field: 'line 2', message: 'must be a number in E.164 form, such as +12025550150' },
      { field: 'line 3', message: 'is already in the inventory' },
      { field: 'line 4', message: 'is the same as line 1' },
      { field: 'line 5', message: 'is not JSON' },
      { field: 'line 6', message: 'must be an object such as {"e164":"+12025550150"}' },
      { field: 'line 8', message: 'has an unknown field x' },
      { field: 'line 9', message: 'is missing' },
    ]);
    const csv = await importing(server, 'text/csv', `e164\n${numbered(1)}\n12025550150\n${numbered(2)},x\n`);
    expect(csv.body.faults).toEqual([
      { field: 'line 3', message: 'must be a number in E.164 form, such as +12025550150' },
      { field: 'line 4', message: 'has more than one column' },
    ]);
    expect(await count(server)).toBe(1);
  });

  it.each([
    ['text/csv', '', 'there is no number'],
    ['text/csv', 'number\n+12025550150', 'must be the header e164'],
    ['text/csv', 'e164\n"+1202', 'is not CSV: its quotes do not match'],
    ['application/x-ndjson', '\n\n', 'there is no number'],
  ])('refuses %s %j', async (type, raw, message) => {
    const { status, body } = await importing(await serverUnderTest(), type, raw);
    expect([status, body.faults[0].message]).toEqual([422, message]);
  });

  it('takes no other type, and no more than a megabyte', async () => {
    const server = await serverUnderTest();
    expect((await importing(server, 'application/json', '{}')).status).toBe(415);
    expect((await importing(server, 'text/csv', 'x'.repeat(1_100_000))).status).toBe(413);
  });
});

describe('claiming a number', () => {
  const claim = (server: ServerUnderTest, body: object) => server.operate('POST', '/v1/numbers/claim', body);

  it('gives any available one that begins so, and says when there is none', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', numbered(1));
    await server.operate('POST', '/v1/numbers', { e164: numbered(2) });
    await server.operate('POST', '/v1/numbers', { e164: '+442079460018' });
    const claimed = await claim(server, { prefix: '+1202', userId: id });
    expect(claimed.body).toMatchObject({ e164: numbered(2), state: 'assigned', userId: id });
    const none = await claim(server, { prefix: '+1202' });
    expect([none.status, none.body.type]).toEqual([409, problem('no-number-left')]);
    const nobody = await claim(server, { prefix: '+44', userId: 'usnone' });
    expect(nobody.body.faults).toEqual([{ field: 'userId', message: 'is no user’s id' }]);
    expect((await server.operate('GET', '/v1/numbers/+442079460018')).body.state).toBe('available');
  });

  it('without a user reserves it, for who claimed it alone', async () => {
    const server = await serverUnderTest();
    const { id: userId } = await addUser(server, 'ada');
    await server.operate('POST', '/v1/numbers', { e164: numbered(1) });
    const { body } = await claim(server, { prefix: '+1', seconds: 60 });
    expect(body).toMatchObject({ state: 'reserved', reservedFor: expect.stringMatching(/^rs[0-9a-f]{24}$/) });
    expect(Date.parse(body.until) - Date.now()).toBeGreaterThan(50_000);
    const assign = (more: object) =>
      server.operate('PUT', `/v1/numbers/${numbered(1)}/assignment`, { userId, ...more });
    expect((await assign({})).body.type).toBe(problem('number-reserved'));
    expect((await assign({ reservedFor: body.reservedFor })).body.state).toBe('assigned');
  });

  it('finds those whose reservation or quarantine is over', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/numbers', { e164: numbered(1) });
    await claim(server, { prefix: '+1' });
    expect((await claim(server, { prefix: '+1' })).status).toBe(409);
    await server.running.database.db.updateTable('numbers').set({ state_until: Date.now() }).execute();
    expect((await server.operate('GET', `/v1/numbers/${numbered(1)}`)).body.state).toBe('available');
    expect((await claim(server, { prefix: '+1' })).status).toBe(200);
  });

  it('by 100 at once for one number gives it to exactly one', async () => {
    const server = await serverUnderTest();
    await server.operate('POST', '/v1/numbers', { e164: numbered(1) });
    const answers = await Promise.all(Array.from({ length: 100 }, () => claim(server, { prefix: '+1202' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(99).fill(409)]);
  }, 30_000);

  it('by 60 at once for 40 numbers gives each of them to one', async () => {
    const server = await serverUnderTest();
    const { id: userId } = await addUser(server, 'ada');
    const csv = ['e164', ...Array.from({ length: 40 }, (_, n) => numbered(n))].join('\n');
    await importing(server, 'text/csv', csv);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => claim(server, { prefix: '+1202', userId })),
    );
    const won = answers.filter(({ status }) => status === 200).map(({ body }) => body.e164);
    expect(new Set(won).size).toBe(40);
    expect(won).toHaveLength(40);
  }, 30_000);
});

describe('searching the inventory', () => {
  it('finds by prefix, digits, state and user, page by page', async () => {
    const server = await serverUnderTest();
    const { id } = await addUser(server, 'ada', '+12025550199');
    for (const e164 of ['+12025550100', '+12035550100', '+442079460018', '+821099990000']) {
      await server.operate('POST', '/v1/numbers', { e164 });
    }
    const find = async (query: string) =>
      (await server.operate('GET', `/v1/numbers?${query}`)).body.numbers.map(
        ({ e164 }: { e164: string }) => e164,
      );
    expect(await find('prefix=%2B1202')).toEqual(['+12025550100', '+12025550199']);
    expect(await find('prefix=+1202')).toEqual(['+12025550100', '+12025550199']);
    expect(await find('prefix=8210999')).toEqual(['+821099990000']);
    expect(await find('digits=5550100')).toEqual(['+12025550100', '+12035550100']);
    expect(await find('state=assigned')).toEqual(['+12025550199']);
    expect(await find('state=available&prefix=1')).toEqual(['+12025550100', '+12035550100']);
    expect(await find(`userId=${id}`)).toEqual(['+12025550199']);
    const first = (await server.operate('GET', '/v1/numbers?limit=3')).body;
    expect(await find(`limit=3&cursor=${first.next}`)).toEqual(['+442079460018', '+821099990000']);
  });

  it('by prefix is a range that has all numbers that begin so, and no other', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,8}$/);
    fc.assert(
      fc.property(digits, fc.stringMatching(/^[1-9]\d{6,14}$/), fc.boolean(), (prefix, other, within) => {
        const number = `+${within ? `${prefix}${other}`.slice(0, 15) : other}`;
        const { from, below } = prefixRange(`+${prefix}`);
        const isIn = number >= from && (below === undefined || number < below);
        expect(isIn).toBe(number.startsWith(`+${prefix}`));
      }),
    );
  });
});
