import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { inNewNetwork, whyNoNetworks } from '../../../asterisk/lab/commands/network.ts';
import { repo, SetupError } from '../../../asterisk/lab/places.ts';
import { Carrier } from '../../support/asterisk.ts';
import { launchChromium } from '../../support/chromium.ts';
import { describeLab } from '../../support/lab.global.ts';
import { browserAtHome } from '../../support/network/browser-at-home.ts';
import { begin, CALLS, move } from '../../support/network/moving.ts';
import { setPath } from '../../support/network/nat.ts';
import { makeWorld, type World } from '../../support/network/world.ts';
import { Operator } from '../../support/operator.ts';
import { Phone } from '../../support/phone.ts';
import { type Measurement, Series } from '../measurement.ts';

const HERTZ = 620;
const TARGET = { worst: 3_000 } as const;
const gapsSchema = z.array(z.object({ here: z.number(), there: z.number() }));
type Gaps = z.infer<typeof gapsSchema>;

/**
 * How long the sound is away when the address changes in mid-call, with each kind of router in turn.
 * @throws SetupError where this machine has no networks for it
 */
export async function measureAddressChange(n: number): Promise<readonly Measurement[]> {
  const obstacle = whyNoNetworks();
  if (obstacle !== undefined) throw new SetupError(`A change of address can't be measured: ${obstacle}.`);
  // In a process of its own, since a network namespace is a process's.
  const [unshare = '', ...args] = [...inNewNetwork, process.execPath, import.meta.filename, String(n)];
  const { stdout } = await promisify(execFile)(unshare, args, { cwd: repo });
  const series = new Series();
  for (const { here, there } of gapsSchema.parse(JSON.parse(stdout))) {
    series.add('address changes in a call: gap in the sound, at the phone', 'ms', here, TARGET);
    series.add('… at the far end', 'ms', there, TARGET);
  }
  return series.measurements;
}

async function measureGaps(world: World, n: number): Promise<Gaps> {
  const [household] = world.households;
  if (household === undefined) throw new Error('a world without a home');
  const { router, home } = household;
  const lab = describeLab(world.lab, world.settings);
  const browser = await launchChromium(HERTZ, await browserAtHome(lab.data, home));
  const gaps: Gaps = [];
  for (let i = 0; i < n; i++) {
    const [path, direction] = CALLS[i % CALLS.length] ?? ['open', 'outgoing'];
    await setPath(router, path);
    const person = await new Operator({ ...lab, url: lab.api }).addPerson();
    const phone = await Phone.open(browser, lab.url);
    await phone.signIn(person);
    await phone.says('Ready');
    const talk = { phone, carrier: new Carrier(lab.data), number: person.number };
    await begin(talk, direction);
    gaps.push(await move(home, talk, HERTZ));
    await phone.context.close();
    await home.moveBack();
  }
  await browser.close();
  return gaps;
}

if (import.meta.main) {
  const data = `.handset/bench/network-${process.pid}`;
  const world = await makeWorld(data);
  try {
    process.stdout.write(JSON.stringify(await measureGaps(world, Number(process.argv[2]))));
  } finally {
    await world.end();
    await rm(join(repo, data), { recursive: true, force: true });
  }
}
