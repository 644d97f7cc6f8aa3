import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSettings, topology } from '@handset/gateway-config';
import { type Lab, startLab } from '../../asterisk/lab/lab.ts';
import { repo, SetupError } from '../../asterisk/lab/places.ts';
import { portsInUse } from '../../asterisk/lab/ports-free.ts';
import { step } from '../../asterisk/lab/progress.ts';
import { launchChromium } from '../support/chromium.ts';
import { measureApi } from './api/index.ts';
import { measureCallSetup } from './call-setup.ts';
import { measureFirstRegister } from './first-register.ts';
import { measureGatewayCpu } from './gateway-cpu.ts';
import type { Measurement } from './measurement.ts';
import { measurePageLoad } from './page-load.ts';
import { measureRest } from './phone-at-rest.ts';
import { measureAddressChange } from './promises/address.ts';
import { measurePromises } from './promises/index.ts';
import { json, machine, table } from './report.ts';

const USAGE =
  'npm run bench [-- [--n TIMES] [pages] [registration] [calls] [promises] [address] [rest] [cpu] [api]]';

/** Each with how often it is done where nothing is said. */
const PARTS = {
  pages: { title: 'Page loads', times: 15 },
  registration: { title: 'First registrations', times: 20 },
  calls: { title: 'Calls', times: 10 },
  promises: { title: 'Promises of a connection', times: 10 },
  address: { title: 'Another address in mid-call', times: 12 },
  rest: { title: 'A phone at rest, and after 200 calls', times: 10 },
  cpu: { title: "The gateway's processor time", times: 5 },
  api: { title: 'The API on both databases', times: 3 },
} as const;
type Part = keyof typeof PARTS;
const isPart = (word: string): word is Part => Object.hasOwn(PARTS, word);

const FIRST_PORT = 17_000;
const LAST_PORT = 17_990;
const HERTZ = 620;

/**
 * `npm run bench`: measures on labs of its own, prints one table and writes it as JSON.
 * @throws SetupError when the arguments make no sense
 */
export async function measure(args: readonly string[]): Promise<void> {
  const { parts, times } = readArguments(args);
  const measurements: Measurement[] = [];
  for (const part of parts) {
    const { title, times: usual } = PARTS[part];
    const n = times ?? usual;
    measurements.push(...(await step(`${title}, ${n} times`, () => measurePart(part, n))));
  }
  const file = join(repo, '.handset/bench', `${new Date().toISOString().replaceAll(':', '-')}.json`);
  await mkdir(join(repo, '.handset/bench'), { recursive: true });
  await writeFile(file, json(measurements, new Date()));
  process.stdout.write(`\n${table(measurements)}\n\n${machine()}\n${file}\n`);
}

function readArguments(args: readonly string[]): { parts: readonly Part[]; times: number | undefined } {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { n: { type: 'string' } },
    allowPositionals: true,
  });
  const times = values.n === undefined ? undefined : Number(values.n);
  const unknown = positionals.filter((word) => !isPart(word));
  if (unknown.length > 0 || (times !== undefined && !(Number.isInteger(times) && times > 0)))
    throw new SetupError(`That can't be measured. ${USAGE}`);
  const named = positionals.filter(isPart);
  const all = Object.keys(PARTS).filter(isPart);
  return { parts: named.length === 0 ? all : all.filter((part) => named.includes(part)), times };
}

function measurePart(part: Part, n: number): Promise<readonly Measurement[]> {
  switch (part) {
    case 'pages':
      return inBrowser((browser, lab) => measurePageLoad(browser, lab, n));
    case 'registration':
      return inLab(undefined, (lab) => measureFirstRegister(lab.description, n));
    case 'calls':
      return inLab(undefined, (lab) => withBrowser((browser) => measureCallSetup(browser, lab, n)));
    case 'promises':
      return inLab(undefined, (lab) => withBrowser((browser) => measurePromises(browser, lab, n)));
    case 'address':
      return measureAddressChange(n);
    case 'rest':
      return inBrowser((browser, lab) => measureRest(browser, lab, n));
    case 'cpu':
      return inLab('127.0.0.8', (lab) => measureGatewayCpu(lab, n));
    case 'api':
      return measureApi(n);
  }
}

type Chromium = Awaited<ReturnType<typeof launchChromium>>;

function inBrowser<T>(work: (browser: Chromium, lab: Lab['description']) => Promise<T>): Promise<T> {
  return inLab(undefined, (lab) => withBrowser((browser) => work(browser, lab.description)));
}

async function withBrowser<T>(work: (browser: Chromium) => Promise<T>): Promise<T> {
  const browser = await launchChromium(HERTZ);
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** @param carrier loopback address of a carrier in place of the simulated one */
async function inLab<T>(carrier: string | undefined, work: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startOnFreePorts(carrier);
  try {
    return await work(lab);
  } finally {
    await lab.stop();
    await rm(lab.data, { recursive: true, force: true });
  }
}

async function startOnFreePorts(carrier: string | undefined): Promise<Lab> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 10) {
    const settings = readSettings({
      HANDSET_PORT: String(port),
      HANDSET_DATA: `.handset/bench/${port}-${process.pid}`,
      ...(carrier === undefined ? {} : { HANDSET_TRUNK: `${carrier}:${port}` }),
    });
    if ((await portsInUse(topology(settings, 'native'))).length > 0) continue;
    await rm(join(repo, settings.HANDSET_DATA), { recursive: true, force: true });
    return startLab(settings, () => {});
  }
  throw new SetupError(`No block of ports from ${FIRST_PORT} to ${LAST_PORT} is free.`);
}
