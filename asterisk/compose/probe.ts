import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettings, topology } from '@handset/gateway-config';
import { keepSecrets } from '../lab/configuration.ts';
import { type Subscriber, signIn } from './probe-subscriber.ts';
import { Refused, registerOnce } from './register.ts';

/**
 * The stack's health: signs in as a user of its own through the page's origin, as a browser would, then
 * registers and unregisters over its `/ws`, for ever. `REGISTERED` is touched each time the gateway agreed;
 * the container is healthy while that was lately.
 */
const REGISTERED = '/tmp/registered';
const EVERY_MS = 10_000;
const AGAIN_AFTER_MS = 1_000;

const settings = readSettings(process.env);
const { page } = topology(settings, 'compose');
const origin = `http://${page.host}:${page.port}`;
const { apiKey } = await keepSecrets(settings.HANDSET_DATA);
const password = randomBytes(16).toString('base64url');
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

let subscriber: Subscriber | undefined;
while (!stop.signal.aborted) {
  try {
    subscriber ??= await signIn(origin, apiKey, password);
    await registerOnce(`${origin.replace('http', 'ws')}/ws`, settings.HANDSET_DOMAIN, subscriber);
    await writeFile(REGISTERED, '');
    await delay(EVERY_MS, undefined, { signal: stop.signal });
  } catch (fault) {
    if (stop.signal.aborted) break;
    process.stderr.write(`not registered: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    // Its credential may have expired. A gateway that is merely away needs no new one.
    if (fault instanceof Refused) {
      await subscriber?.signOut().catch(() => {});
      subscriber = undefined;
    }
    await delay(AGAIN_AFTER_MS);
  }
}
await subscriber?.signOut().catch(() => {});
