import { readSettings } from '@handset/gateway-config';
import { ensureInstalled } from '../install/index.ts';
import { startLab } from '../lab.ts';
import { printLine } from '../log-lines.ts';
import { welcome } from '../welcome.ts';

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
