import { get } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Operator, type Person } from '../support/operator.ts';
import { type Measurement, Series } from './measurement.ts';
import { signInByApi } from './sign-in.ts';
import { Wire } from './wire.ts';

const COLD_TARGET_MS = 250;
const WARM_TARGET_MS = 120;
const SIZE_TARGET_KB = 95;
const REGISTERED = /^SIP\/2\.0 200 .*CSeq: \d+ REGISTER/s;

/**
 * From the start of the navigation to the 200 of the REGISTER, for somebody who is signed in. Cold: a new
 * profile with nothing cached. Warm: the same profile, the second time.
 */
export async function measurePageLoad(
  browser: Browser,
  lab: { url: string; apiKey: string },
  n: number,
): Promise<readonly Measurement[]> {
  const series = new Series();
  const operator = new Operator(lab);
  let scripts: readonly string[] = [];
  for (let i = 0; i < n; i++) {
    const context = await signedInContext(browser, lab.url, await operator.addPerson());
    const page = await context.newPage();
    const wire = await Wire.of(page);
    const urls = new Set<string>();
    page.on('request', (request) => {
      if (['script', 'stylesheet'].includes(request.resourceType())) urls.add(request.url());
    });
    series.add('page → registered, cold', 'ms', await registered(page, wire, lab.url), COLD_TARGET_MS);
    // Until the phone is there to be used: what a page fetches once it has time is no part of its first load.
    await page.getByRole('status').filter({ hasText: 'Ready' }).first().waitFor();
    scripts = [...urls];
    // The first visit comes to its end before the second begins: nobody is back within its first half second.
    await page.waitForLoadState('networkidle');
    await page.goto('about:blank');
    series.add('page → registered, warm', 'ms', await registered(page, wire, lab.url), WARM_TARGET_MS);
    await context.close();
  }
  const bytes = await Promise.all(scripts.map(gzippedBytes));
  const kilobytes = bytes.reduce((sum, each) => sum + each, 0) / 1_000;
  series.add('JS and CSS on first load, gzip', 'kB', kilobytes, SIZE_TARGET_KB);
  return series.measurements;
}

export async function signedInContext(
  browser: Browser,
  url: string,
  person: Person,
): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-US' });
  await context.grantPermissions(['microphone'], { origin: url });
  const [name = '', value = ''] = (await signInByApi(url, person)).split('=');
  await context.addCookies([{ name, value, url }]);
  return context;
}

async function registered(page: Page, wire: Wire, url: string): Promise<number> {
  wire.clear();
  await page.goto(url, { waitUntil: 'commit' });
  return (await wire.first(false, REGISTERED)).at;
}

/** What a file takes on the wire. */
function gzippedBytes(url: string): Promise<number> {
  return new Promise((done, failed) => {
    const request = get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200 || response.headers['content-encoding'] !== 'gzip')
        failed(new Error(`${url} is not served with gzip (${response.statusCode})`));
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => done(bytes));
    });
    request.on('error', failed);
  });
}
