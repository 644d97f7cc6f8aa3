import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inContainers } from '../support/lab-in-containers.ts';
import { test } from './world.ts';

describe('the origin that people open', () => {
  test('lets a page run its own scripts and styles alone, in no frame', async ({ world }) => {
    const { headers, status } = await fetch(world.lab.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(status).toBe(200);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('server')).toBeNull();
  });

  test.skipIf(inContainers)(
    'leads to nothing of the private listener and the gateway, with their own key neither',
    async ({ world }) => {
      const secrets = JSON.parse(await readFile(join(world.lab.data, 'secrets.json'), 'utf8'));
      const headers = { authorization: `Bearer ${secrets.internal}`, 'content-type': 'application/json' };
      const admission = JSON.stringify({ callId: '1', extension: '1001', dialed: '112' });
      const privately = `http://127.0.0.1:${world.lab.ports.internal}`;
      expect((await fetch(`${privately}/metrics`)).status).toBe(200);
      const asked = await fetch(`${privately}/internal/admissions`, {
        method: 'POST',
        headers,
        body: admission,
      });
      expect(asked.status).toBe(200);
      for (const origin of [world.lab.url, world.lab.api]) {
        const paths = [
          '/internal/admissions',
          '/internal/places',
          '/v1/../internal/admissions',
          '/v1/internal/admissions',
        ];
        for (const path of paths) {
          const { status } = await fetch(origin + path, { method: 'POST', headers, body: admission });
          expect([path, status]).toEqual([path, expect.toBeOneOf([404, 405])]);
        }
        for (const path of ['/metrics', '/httpstatus', '/ari/asterisk/info', '/ws/../metrics', '/rawman']) {
          const { status } = await fetch(origin + path, { headers });
          expect([path, status]).toEqual([path, 404]);
        }
      }
    },
  );

  test('takes no body of more than a megabyte', async ({ world }) => {
    const body = JSON.stringify({ login: 'x'.repeat(2_000_000), password: '' });
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${world.lab.url}/v1/sessions`, { method: 'POST', headers, body });
    expect(status).toBe(413);
  });
});
