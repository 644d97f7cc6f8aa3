import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test as base, MILLIWATT_HERTZ } from '../support/e2e.ts';
import { EMBEDDING_ORIGIN } from '../support/lab.global.ts';
import type { Person } from '../support/operator.ts';
import type { Phone } from '../support/phone.ts';

const STRANGER = 'https://evil.example';
const LONG_SECONDS = 300;
/** Chromium's permission for pages of the Internet to reach this machine, which stands for a server there. */
const HERE = 'local-network-access';

/** A shop's page around the phone, as `docs/embedding.md` has it. It lets in no more than that needs. */
const page = (lab: string, attributes = '') => ({
  contentType: 'text/html',
  headers: {
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src 'nonce-shop' ${lab}`,
      `connect-src 'self' ${lab} ${lab.replace('http', 'ws')}`,
      'media-src blob: data:',
    ].join('; '),
  },
  body: `<!doctype html><title>Shop</title>
    <soft-phone api="${lab}/v1"${attributes}></soft-phone>
    <script type="module" nonce="shop">
      import '${lab}/embed.js';
      const phone = document.querySelector('soft-phone');
      phone.addEventListener('token-needed', async () => {
        phone.token = await (await fetch('/phone-token')).text();
      });
    </script>`,
});

interface Shop {
  readonly phone: Phone;
  /** The tokens that its page was given, the first one first. */
  readonly tokens: readonly string[];
  /** Each address that its page asked or connected to. */
  readonly addresses: readonly string[];
}

const test = base.extend('shop', ({ open, operator, lab }) => {
  /** A shop's page, whose server has a token for its page whenever that asks. */
  return async (person: Person, seconds: readonly number[] = []): Promise<Shop> => {
    const phone = await open();
    const tokens: string[] = [];
    const addresses: string[] = [];
    phone.page.on('request', (request) => addresses.push(request.url()));
    phone.page.on('websocket', (socket) => addresses.push(socket.url()));
    await phone.context.route(`${EMBEDDING_ORIGIN}/**`, async (route) => {
      if (!route.request().url().endsWith('/phone-token')) return route.fulfill(page(lab.url));
      const { token } = await operator.phoneToken(person, seconds[tokens.length] ?? LONG_SECONDS);
      tokens.push(token);
      return route.fulfill({ contentType: 'text/plain', body: token });
    });
    await phone.context.grantPermissions(['microphone', HERE], { origin: EMBEDDING_ORIGIN });
    await phone.page.goto(EMBEDDING_ORIGIN);
    return { phone, tokens, addresses };
  };
});

describe('a phone on a page of another origin', () => {
  test('is somebody’s by a token, and calls', async ({ shop, operator, lab }) => {
    const person = await operator.addPerson();
    const { phone, tokens, addresses } = await shop(person);
    await phone.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    await phone.hangUp();
    await phone.says('Call ended: you hung up');
    expect(await phone.button('Sign out').count()).toBe(0);
    const [token = ''] = tokens;
    expect(tokens).toHaveLength(1);
    expect(addresses.filter((address) => new URL(address).pathname === '/ws')).toHaveLength(1);
    expect(addresses.join()).not.toContain(token);
    expect(await logsOf(lab.data)).not.toContain(token.split('.')[2]);
  });

  test('asks its page for another token when the one it has is over, and goes on', async ({
    shop,
    operator,
    lab,
  }) => {
    const person = await operator.addPerson();
    const { phone, tokens } = await shop(person, [3]);
    await phone.says('Ready');
    await phone.call('+1 202 555 0101');
    await phone.hears(MILLIWATT_HERTZ);
    const headers = { authorization: `Bearer ${tokens[0]}` };
    const withIt = async () => (await fetch(`${lab.url}/v1/phone-config`, { headers })).status;
    await expect.poll(withIt, { timeout: 10_000 }).toBe(401);
    await phone.hears(MILLIWATT_HERTZ);
    // Once it has measured how the call sounds, it has that to tell.
    await phone.page.getByRole('img', { name: /^Sound quality: good/ }).waitFor();
    const told = phone.page.waitForResponse(
      (response) => response.url().endsWith('/quality') && response.ok(),
    );
    await phone.hangUp();
    await told;
    expect(tokens).toHaveLength(2);
  });

  test('takes a token that stands in the document, too, and asks for none then', async ({
    shop,
    operator,
    lab,
  }) => {
    const person = await operator.addPerson();
    const { phone, tokens } = await shop(person);
    await phone.says('Ready');
    const { token } = await operator.phoneToken(person, LONG_SECONDS);
    const document = page(lab.url, ` token="${token}"`);
    await phone.context.route(`${EMBEDDING_ORIGIN}/other`, (route) => route.fulfill(document));
    const before = tokens.length;
    await phone.page.goto(`${EMBEDDING_ORIGIN}/other`);
    await phone.says('Ready');
    expect(tokens).toHaveLength(before);
  });

  test('gets nothing where the settings do not name that origin', async ({ open, operator, lab }) => {
    const { token } = await operator.phoneToken(await operator.addPerson(), LONG_SECONDS);
    const phone = await open();
    await phone.context.route(`${STRANGER}/**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Stranger</title>' }),
    );
    await phone.context.grantPermissions([HERE], { origin: STRANGER });
    await phone.page.goto(STRANGER);
    const tried: unknown = await phone.page.evaluate(`(async () => {
      const url = ${JSON.stringify(lab.url)};
      const headers = { authorization: 'Bearer ' + ${JSON.stringify(token)} };
      const config = await fetch(url + '/v1/phone-config', { headers })
        .then(({ status }) => status, ({ name }) => name);
      const code = await import(url + '/embed.js').catch(({ name }) => name);
      const socket = await new Promise((resolve) => {
        const opened = new WebSocket(url.replace('http', 'ws') + '/ws', 'sip');
        opened.onopen = () => resolve('open');
        opened.onerror = () => resolve('refused');
      });
      return { config, code, socket };
    })()`);
    expect(tried).toEqual({ config: 'TypeError', code: 'TypeError', socket: 'refused' });
    const why = phone.consoleLines.filter((line) => line.includes('Access-Control-Allow-Origin'));
    expect(why).toHaveLength(2);
    expect(phone.consoleLines.join()).toContain('Unexpected response code: 403');
  });
});

/** All that the parts of the lab have written. */
async function logsOf(data: string): Promise<string> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const logs = entries.filter((entry) => entry.isFile() && /\.log$|^messages/.test(entry.name));
  const texts = await Promise.all(
    logs.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
  if (texts.join('').length === 0) throw new Error(`there is no log in ${data}`);
  return texts.join('\n');
}
