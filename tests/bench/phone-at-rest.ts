import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { Operator } from '../support/operator.ts';
import { Phone } from '../support/phone.ts';
import { type Measurement, Series } from './measurement.ts';

const IDLE_MS = 60_000;
const IDLE_TARGET_MS = 300;
/** Starting up, with what a page does once it has time, is over by then. */
const SETTLED_MS = 5_000;
const CALLS = 200;
/**
 * Calls that a page makes before its heap is first looked at. By then the browser has compiled what is used often, and
 * SIP's transactions keep as many calls that are over (for 32 s, RFC 6026) as they do later on.
 */
const FIRST_CALLS = 50;
/** Phones that make these calls side by side; each takes minutes. */
const MOST_CALLERS = 3;
const HEAP_TARGET_MB = 1;
const MB = 1_000_000;

/**
 * Processor time of a page over a minute in which nothing happens, for `n` phones at once; and by how much the
 * heaps of up to {@link MOST_CALLERS} grow over {@link CALLS} calls.
 */
export async function measureRest(
  browser: Browser,
  lab: { url: string; apiKey: string },
  n: number,
): Promise<readonly Measurement[]> {
  const series = new Series();
  const operator = new Operator(lab);
  await measureIdle(browser, lab.url, operator, n, series);
  const callers = Array.from({ length: Math.min(n, MOST_CALLERS) });
  await Promise.all(callers.map(() => measureHeap(browser, lab.url, operator, series)));
  return series.measurements;
}

async function ready(browser: Browser, url: string, operator: Operator): Promise<Phone> {
  const phone = await Phone.open(browser, url);
  await phone.signIn(await operator.addPerson());
  await phone.says('Ready');
  return phone;
}

async function measureIdle(
  browser: Browser,
  url: string,
  operator: Operator,
  n: number,
  series: Series,
): Promise<void> {
  const phones: Phone[] = [];
  for (let i = 0; i < n; i++) phones.push(await ready(browser, url, operator));
  await delay(SETTLED_MS);
  const before = await pageProcesses(browser);
  await delay(IDLE_MS);
  const after = await pageProcesses(browser);
  const spent = [...after].map(([id, seconds]) => (seconds - (before.get(id) ?? seconds)) * 1_000);
  // A browser keeps a process or two for pages to come: they do nothing, and are no phones.
  for (const each of spent.sort((a, b) => b - a).slice(0, n))
    series.add('page registered and idle for 60 s: its process', 'ms CPU', each, { worst: IDLE_TARGET_MS });
  for (const phone of phones) await phone.context.close();
}

const processInfo = z.object({
  processInfo: z.array(z.object({ type: z.string(), id: z.number(), cpuTime: z.number() })),
});

/** The browser's processes for pages, with the processor time, in seconds, that each has had. */
async function pageProcesses(browser: Browser): Promise<ReadonlyMap<number, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo: all } = processInfo.parse(await session.send('SystemInfo.getProcessInfo'));
  await session.detach();
  return new Map(all.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
}

async function measureHeap(browser: Browser, url: string, operator: Operator, series: Series): Promise<void> {
  const phone = await ready(browser, url, operator);
  await makeCalls(phone, FIRST_CALLS);
  const before = await heapOf(phone.page);
  await makeCalls(phone, CALLS);
  const grown = (await heapOf(phone.page)) - before;
  series.add(`heap after ${CALLS} calls, more than before`, 'MB', Math.max(0, grown) / MB, {
    worst: HEAP_TARGET_MB,
  });
  await phone.context.close();
}

async function makeCalls(phone: Phone, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await phone.call('+12025550101');
    await phone.says('In call');
    await phone.hangUp();
    await phone.says('Call ended');
  }
}

const heapUsage = z.object({
  usedSize: z.number(),
  embedderHeapUsedSize: z.number(),
  backingStorageSize: z.number(),
});

/** What is alive of a page, in bytes: in the heaps of JavaScript and of the browser's own objects, and buffers of both. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = heapUsage.parse(await session.send('Runtime.getHeapUsage'));
  await session.detach();
  return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
}
