import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { type RunningServer, startServer } from './server.ts';
import { StartError } from './start-error.ts';

/** Starts the server from the environment, and ends it on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  // Database and secrets are for this user alone.
  process.umask(0o077);
  const config = readConfig(process.env);
  const log = createLog(config.settings.HANDSET_LOG_LEVEL);
  const starting = startServer(config, log);
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'Stopping');
    // A start under way comes to its end first; one that fails is reported below.
    starting.then(end, () => {});
  };
  // `once`: the same signal again ends the process at once.
  process.once('SIGTERM', stop).once('SIGINT', stop);
  await starting;
}

async function end(server: RunningServer): Promise<void> {
  await server.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  const said =
    error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Handset server: ${said}\n`);
  process.exit(1);
}
