import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { addUser, serverUnderTest } from './testing/server-under-test.ts';

describe('the log', () => {
  it('has no secret of a whole flow, of requests that fail neither', async () => {
    const server = await serverUnderTest();
    const { password } = await addUser(server, 'ada', '+12025550150');
    const cookie = await server.signIn('ada', password);
    const { body: config } = await server.ask('GET', '/v1/phone-config', { cookie });
    const { sip, iceServers } = config;
    await server.askInternal('POST', '/internal/admissions', {
      callId: '1',
      extension: '1001',
      dialed: '2025550101',
    });
    await server.ask('POST', '/v1/sessions', { body: { login: 'ada', password: 'the wrong password' } });
    await server.ask('POST', '/v1/sessions', { raw: '{"password":"in broken json' });
    await server.ask('GET', '/v1/users?login=secret-in-query', {
      headers: { authorization: 'Bearer guessed-key' },
    });
    await server.ask('GET', '/secret-in-path');
    await server.ask('DELETE', '/v1/sessions/current', { cookie });
    await sql`alter table credentials rename to gone`.execute(server.running.database.db);
    await server.ask('GET', '/v1/phone-config', { cookie: await server.signIn('ada', password) });

    const log = server.log.join('');
    expect(log).toContain('/v1/phone-config');
    expect(log).toContain('"status":500');
    const token = cookie.split('=')[1];
    const secrets = Object.values(server.config.secrets);
    const typed = [
      'the wrong password',
      'in broken json',
      'guessed-key',
      'secret-in-query',
      'secret-in-path',
    ];
    const kept = (await server.running.database.db.selectFrom('users').select('password_hash').execute())[0];
    const all = [
      password,
      token,
      sip.password,
      iceServers[1].credential,
      kept?.password_hash,
      ...secrets,
      ...typed,
    ];
    for (const secret of all) {
      expect(secret).toBeTruthy();
      expect(log).not.toContain(secret);
    }
  });

  it('has a net below: what is called a secret is not written', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => void lines.push(line) });
    log.info({
      password: 'leak',
      user: { ha1: 'leak', deep: { token: 'leak' } },
      headers: { 'set-cookie': 'leak' },
    });
    expect(lines.join()).toContain('[redacted]');
    expect(lines.join()).not.toContain('leak');
  });
});
