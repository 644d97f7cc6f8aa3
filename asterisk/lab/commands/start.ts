import { readSettings } from '@handset/gateway-config';
import { ensureInstalled } from '../install/index.ts';
import { type Lab, startLab } from '../lab.ts';
import { printLine } from '../log-lines.ts';

/** `npm start`: sets up what is missing, brings the lab up and stays until Ctrl-C. */
export async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const stopAsked = askedToStop();
  let isInstalling = true;
  // Nothing runs yet that would have to be stopped: what is half-installed is taken up next time.
  void stopAsked.then(() => isInstalling && process.exit(130));
  await ensureInstalled({ browser: false });
  isInstalling = false;
  const starting = startLab(settings, printLine);
  const lab = await Promise.race([starting, stopAsked.then(() => undefined)]);
  if (lab === undefined) {
    await (await starting).stop();
    return;
  }
  process.stdout.write(welcome(lab));
  await stopAsked;
  process.stdout.write('\n  Stopping …\n');
  await lab.stop();
}

/** A Ctrl-C reaches this process more than once (terminal, npm): each but the first changes nothing. */
function askedToStop(): Promise<void> {
  return new Promise((asked) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => asked());
  });
}

const TEST_NUMBERS = [
  ['+1 202 555 0100', 'answers, echoes'],
  ['+1 202 555 0101', 'answers, 1004 Hz tone'],
  ['+1 202 555 0102', 'busy'],
  ['+1 202 555 0103', 'rings, never answers'],
  ['+1 202 555 0104', 'an announcement, then: no such number'],
  ['+1 202 555 0105', 'answers, sends back each digit'],
  ['+1 202 555 0106', 'answers, hangs up after 3 s'],
  ['+1 202 555 0107', 'declines, then calls you back'],
  ['+1 202 555 0108', 'a failing trunk'],
  ['any other', 'rings, answers, speaks the digits dialled'],
] as const;

function welcome({ description, data }: Lab): string {
  const users = description.users.map(
    ({ login, password, extension, number }) =>
      `    ${login.padEnd(8)} ${password}    extension ${extension}, number ${number}\n`,
  );
  const numbers = TEST_NUMBERS.map(([number, what]) => `    ${number.padEnd(17)} ${what}\n`);
  const [first] = description.users;
  return [
    `\n  Handset is up: ${description.url}\n\n  Sign in as\n`,
    ...users,
    '\n  and dial\n',
    ...numbers,
    `\n  To be called, in another terminal: npm run ring -- ${first?.number ?? ''}\n`,
    `  Logs: ${data}/log · Ctrl-C stops everything.\n\n`,
  ].join('');
}
