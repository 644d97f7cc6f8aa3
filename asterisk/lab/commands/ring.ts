import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type E164, isE164, parseNumber, readSettings } from '@handset/gateway-config';
import { run } from '../install/run.ts';
import { asteriskConsole, insideRoot } from '../parts.ts';
import { dataDirectory, SetupError } from '../places.ts';

const USAGE = 'Say which number to call: npm run ring -- +12025550150 [from +12025550199]';

/** `npm run ring -- NUMBER [from NUMBER]`: the simulated carrier calls a number of the running lab. */
export async function ring(args: readonly string[]): Promise<void> {
  const settings = readSettings(process.env);
  const words = args.filter((word) => word !== 'from');
  const read = (typed: string): E164 => {
    const number = parseNumber(typed, settings.HANDSET_COUNTRY);
    if (number === undefined || !isE164(number))
      throw new SetupError(`${typed} is not a telephone number. ${USAGE}`);
    return number;
  };
  const [called, caller] = words.map(read);
  if (called === undefined || words.length > 2) throw new SetupError(USAGE);
  const data = dataDirectory(settings);
  if (!existsSync(join(data, 'lab.pid')))
    throw new SetupError('No lab is running on this data directory. Start it first: npm start');
  const target = caller === undefined ? called : `${called}*${caller}`;
  const originate = `channel originate Local/${target}@ring/n extension s@talk`;
  const { command, args: inside } = insideRoot(data, asteriskConsole('pstn', originate));
  await run(command, inside);
  process.stdout.write(`  Calling ${called} from ${caller ?? 'the simulated carrier'} …\n`);
}
