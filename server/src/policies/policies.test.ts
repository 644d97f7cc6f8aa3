import { describe, expect, it } from 'vitest';
import { addUser, serverUnderTest } from '../testing/server-under-test.ts';
import { DEFAULT_RULES, fromMicros, toMicros } from './rules.ts';

const problem = (name: string) => `urn:handset:problem:${name}`;

describe('a policy', () => {
  it('is made with careful defaults, read, changed and deleted', async () => {
    const server = await serverUnderTest();
    const made = await server.operate('POST', '/v1/policies', { name: 'Sales', spendPerDay: '12.5' });
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...DEFAULT_RULES,
        id: expect.stringMatching(/^po/),
        name: 'Sales',
        isDefault: false,
        spendPerDay: '12.50',
        createdAt: expect.any(String),
      },
    ]);
    const path = `/v1/policies/${made.body.id}`;
    expect((await server.operate('GET', path)).body).toEqual(made.body);
    const changed = await server.operate('PATCH', path, {
      allowedCountries: ['home', 'GB'],
      spendPerDay: null,
    });
    expect(changed.body).toEqual({ ...made.body, allowedCountries: ['home', 'GB'], spendPerDay: null });
    const { body } = await server.operate('GET', '/v1/policies');
    expect(body.policies.map((policy: { id: string }) => policy.id)).toEqual(['podefault', made.body.id]);
    const named = async (name: string) =>
      (await server.operate('GET', `/v1/policies?name=${name}`)).body.policies.map(
        ({ id }: { id: string }) => id,
      );
    expect([await named('Sales'), await named('None')]).toEqual([[made.body.id], []]);
    const log = await server.operate('GET', `/v1/audit-log?subject=${made.body.id}&action=policy.update`);
    expect(log.body.entries).toMatchObject([
      {
        from: { allowedCountries: ['home'], spendPerDay: '12.50' },
        to: { allowedCountries: ['home', 'GB'], spendPerDay: null },
      },
    ]);
    expect((await server.operate('DELETE', path)).status).toBe(204);
    expect((await server.operate('GET', path)).body.type).toBe(problem('no-such-policy'));
  });

  it('is a user’s own, and can’t be deleted then; nor can the default one', async () => {
    const server = await serverUnderTest();
    const { id, extension } = await addUser(server, 'ada', '+12025550150');
    const { body } = await server.operate('POST', '/v1/policies', {
      name: 'None',
      deniedCountries: ['home'],
    });
    const patch = (policyId: string | null) => server.operate('PATCH', `/v1/users/${id}`, { policyId });
    expect((await patch('ponone')).body.faults).toEqual([
      { field: 'policyId', message: 'is no policy’s id' },
    ]);
    expect((await patch(body.id)).body.policyId).toBe(body.id);
    const admission = async () =>
      (
        await server.askInternal('POST', '/internal/admissions', {
          callId: '1',
          extension,
          dialed: '+12025550101',
        })
      ).body;
    expect(await admission()).toEqual({ decision: 'refuse', reason: 'not-permitted' });
    for (const used of [body.id, 'podefault']) {
      const { status, body: answer } = await server.operate('DELETE', `/v1/policies/${used}`);
      expect([status, answer.type]).toEqual([409, problem('policy-in-use')]);
    }
    await patch(null);
    expect((await admission()).decision).toBe('trunk');
    expect((await server.operate('DELETE', `/v1/policies/${body.id}`)).status).toBe(204);
  });

  it.each([
    [{ allowedCountries: ['XX'] }, 'allowedCountries.0'],
    [{ allowedPrefixes: ['+0'] }, 'allowedPrefixes.0'],
    [{ spendPerDay: 5 }, 'spendPerDay'],
    [{ spendPerDay: '-1' }, 'spendPerDay'],
    [{ concurrentCalls: -1 }, 'concurrentCalls'],
    [{ concurrentCalls: 1.5 }, 'concurrentCalls'],
    [{ maxCallMinutes: 0 }, 'maxCallMinutes'],
  ])('with %j is refused', async (rules, field) => {
    const server = await serverUnderTest();
    const { status, body } = await server.operate('PATCH', '/v1/policies/podefault', rules);
    expect([status, body.faults?.map((fault: { field: string }) => fault.field)]).toEqual([400, [field]]);
  });
});

describe('the default policy', () => {
  it('of a new installation allows the home country alone', async () => {
    const server = await serverUnderTest();
    const { body } = await server.operate('GET', '/v1/policies/podefault');
    expect(body).toMatchObject({ ...DEFAULT_RULES, isDefault: true });
    const { extension } = await addUser(server, 'ada', '+12025550150');
    const admission = async (dialed: string) =>
      (await server.askInternal('POST', '/internal/admissions', { callId: dialed, extension, dialed })).body;
    expect((await admission('+12025550101')).decision).toBe('trunk');
    expect(await admission('+442079460018')).toEqual({ decision: 'refuse', reason: 'not-permitted' });
  });
});

describe('asking what would become of a call', () => {
  it('answers with the reason in words, and counts nothing', async () => {
    const server = await serverUnderTest();
    const { id: userId } = await addUser(server, 'ada', '+12025550150');
    await server.operate('PATCH', '/v1/policies/podefault', {
      allowedCountries: ['home'],
      concurrentCalls: 1,
    });
    const check = async (dialed: string) =>
      (await server.operate('POST', '/v1/admission-checks', { userId, dialed })).body;
    for (let i = 0; i < 2; i += 1) {
      expect(await check('202 555 0101')).toEqual({
        decision: 'trunk',
        reason: null,
        maxDurationMs: 14_400_000,
        because: ['the country US is allowed', 'it has no rate', 'Simulated carrier has priority 10'],
      });
    }
    expect(await check('+442079460018')).toMatchObject({
      decision: 'refuse',
      reason: 'not-permitted',
      because: ['the country GB is not allowed'],
    });
    const nobody = await server.operate('POST', '/v1/admission-checks', { userId: 'usnone', dialed: '1' });
    expect(nobody.status).toBe(400);
  });
});

describe('rates and limits', () => {
  it('are set, listed and deleted by prefix', async () => {
    const server = await serverUnderTest();
    const set = (prefix: string, pricePerMinute: string) =>
      server.operate('PUT', `/v1/rates/${prefix}`, { name: 'x', pricePerMinute });
    expect((await set('+44', '0.025')).body).toEqual({ prefix: '+44', name: 'x', pricePerMinute: '0.025' });
    await set('+1', '1');
    await set('+44', '0.03');
    const { rates } = (await server.operate('GET', '/v1/rates')).body;
    expect(rates).toMatchObject([
      { prefix: '+1', pricePerMinute: '1.00' },
      { prefix: '+44', pricePerMinute: '0.03' },
    ]);
    expect((await server.operate('GET', '/v1/rates?prefix=%2B4')).body.rates).toMatchObject([
      { prefix: '+44' },
    ]);
    expect((await server.operate('GET', '/v1/rates/+44')).body).toMatchObject({ pricePerMinute: '0.03' });
    expect((await server.operate('GET', '/v1/rates/+4')).body.type).toBe(problem('no-such-rate'));
    expect((await server.operate('DELETE', '/v1/rates/+44')).status).toBe(204);
    expect((await server.operate('DELETE', '/v1/rates/+44')).body.type).toBe(problem('no-such-rate'));
  });

  it('in all are changed one by one', async () => {
    const server = await serverUnderTest();
    const before = (await server.operate('GET', '/v1/calling-limits')).body;
    expect(before).toMatchObject({
      concurrentCalls: null,
      emergencyNumbers: expect.arrayContaining(['112', '911']),
    });
    const { body } = await server.operate('PATCH', '/v1/calling-limits', { concurrentCalls: 5 });
    expect(body).toEqual({ ...before, concurrentCalls: 5 });
    expect((await server.operate('GET', '/v1/calling-limits')).body).toEqual(body);
  });

  it('take no extension of a user’s for an emergency number', async () => {
    const server = await serverUnderTest();
    const { extension } = await addUser(server, 'ada');
    const set = async (emergencyNumbers: string[]) =>
      (await server.operate('PATCH', '/v1/calling-limits', { emergencyNumbers })).body;
    expect((await set(['112', extension])).faults).toEqual([
      { field: 'emergencyNumbers.1', message: 'is a user’s extension' },
    ]);
    expect((await set(['112', '1999'])).emergencyNumbers).toEqual(['112', '1999']);
  });

  it('count money exactly', () => {
    for (const [text, micros] of [
      ['0.00', 0],
      ['12.50', 12_500_000],
      ['0.000001', 1],
      ['999999999.999999', 999_999_999_999_999],
    ] as const) {
      expect([toMicros(text), fromMicros(micros)]).toEqual([micros, text]);
    }
  });
});
