import type { Server } from 'node:http';
import { LeaseKeeper } from './admission/lease-keeper.ts';
import { ApiKeys } from './api-keys/api-keys.ts';
import { createApps } from './app.ts';
import { Bans } from './bans/bans.ts';
import { SipGuard } from './bans/sip-guard.ts';
import { Calls } from './calls/calls.ts';
import type { ServerConfig } from './config.ts';
import { type Database, openDatabase } from './db/database.ts';
import { isUnavailable } from './db/errors.ts';
import { replaceGatewayViews } from './db/gateway-views.ts';
import { migrate } from './db/migrate.ts';
import { LiveEvents } from './events/live-events.ts';
import { AmiClient, AmiError } from './gateway/ami.ts';
import { field } from './gateway/ami-protocol.ts';
import { readBansAnew } from './gateway/bans.ts';
import { type Click, callOn, hangUp, liveCalls, ringAndCall } from './gateway/calls.ts';
import { type Merge, merge } from './gateway/conference.ts';
import { endLive, registeredAddresses, registeredCredentials } from './gateway/live.ts';
import { hasLeg, type PhoneLeg } from './gateway/phone-channels.ts';
import { Revoker } from './gateway/revoker.ts';
import {
  askHosts,
  callsOn,
  hostHealth,
  registerNow,
  registrationStates,
  reloadTrunks,
} from './gateway/trunks.ts';
import { drain, listen, portOf } from './listen.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { StartError } from './start-error.ts';
import { isCarrier } from './trunks/carriers.ts';
import { prepareTrunks } from './trunks/follow.ts';
import { TrunkKeeper } from './trunks/keeper.ts';
import { resolveHosts } from './trunks/resolver.ts';
import type { TrunkQuestions } from './trunks/status.ts';
import { warmPasswords } from './users/password.ts';

export interface RunningServer {
  readonly database: Database;
  /** The ports that were taken; they differ from the configured ones where those are 0. */
  readonly ports: { readonly api: number; readonly internal: number };
  /** Lets requests under way end, then ends everything else. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Whether each reply is held against its declared schema: in tests. */
  readonly checkReplies?: boolean;
}

/**
 * Brings up the whole server: database, both listeners, the connection to the gateway.
 * @throws StartError saying in words why it can't start; nothing is left open then
 */
export async function startServer(
  config: ServerConfig,
  log: Logger,
  { checkReplies = false }: StartOptions = {},
): Promise<RunningServer> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const database = openDatabase(config, (err) => log.warn({ err }, 'Database connection lost'));
    closers.push(database.close);
    await prepare(database, config);
    const metrics = createMetrics({ isGatewayConnected: () => gateway.isConnected() });
    const { gateway, events, stop } = connectGateway(config, database, log, metrics);
    closers.push(stop);
    const apps = createApps({ config, database, log, metrics, gateway, events: events.log, checkReplies });
    const servers: Server[] = [];
    closers.push(async () => void (await Promise.all(servers.map(drain))));
    const internal = await listen(apps.internal, config.topology.internal);
    servers.push(internal);
    const api = await listen(apps.api, config.topology.api);
    servers.push(api);
    // First: a reader of events would never leave by itself.
    closers.push(() => events.close());
    const ports = { api: portOf(api), internal: portOf(internal) };
    log.info({ ...ports, database: database.dialect }, 'Server ready');
    return { database, ports, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const AMI_USER = 'handset';
/** Classes of events: failed authentications always, calls while somebody reads of them. */
const FAILURES = 'security';
const FAILURES_AND_CALLS = 'security,call';

/** The connection to the gateway's manager interface, and what goes over it. */
function connectGateway(config: ServerConfig, database: Database, log: Logger, metrics: Metrics) {
  const { settings, topology, secrets } = config;
  const { db } = database;
  const ami = new AmiClient({
    host: topology.ami.host,
    port: topology.ami.port,
    username: AMI_USER,
    secret: secrets.ami,
    log,
    onConnected: () => {
      revoker.wake();
      onBansChanged();
      trunks.changed();
      void events.reconnected();
    },
    onEvent: (event) =>
      field(event, 'Event') === 'ChallengeResponseFailed' ? guard.take(event) : events.take(event),
  });
  const live = {
    get isConnected() {
      return ami.isConnected;
    },
    endLive: (credentials: ReadonlySet<string>) => endLive(ami, credentials),
  };
  const revoker = new Revoker(db, live, log);
  const onBansChanged = () => void ifThere(readBansAnew(ami));
  const guard = new SipGuard({
    bans: new Bans(database),
    log,
    failures: config.settings.HANDSET_BAN_FAILURES,
    ms: config.settings.HANDSET_BAN_SECONDS * 1000,
    isCarrier: (address) => isCarrier(db, address),
    registered: () => ifThere(registeredAddresses(ami)),
    onFailure: metrics.countAuthFailure,
    onBan() {
      metrics.countBan();
      onBansChanged();
    },
  });
  const trunks = new TrunkKeeper(
    database,
    {
      get isConnected() {
        return ami.isConnected;
      },
      reload: () => reloadTrunks(ami),
      hostHealth: (id, contact) => hostHealth(ami, id, contact),
    },
    log,
    { domain: settings.HANDSET_DOMAIN, resolve: resolveHosts },
  );
  trunks.start();
  void ami.listen(FAILURES);
  ami.start();
  const stop = async () => {
    ami.close();
    await Promise.all([revoker.close(), leases.close(), guard.close(), trunks.close()]);
  };
  const gateway = {
    isConnected: () => ami.isConnected,
    onRevoked: () => revoker.wake(),
    onBansChanged,
    registered: () => ifThere(registeredCredentials(ami)),
    liveCalls: () => ifThere(liveCalls(ami)),
    hangUp: (id: string) => ifThere(hangUp(ami, id)),
    ringAndCall: (click: Click) => ifThere(ringAndCall(ami, click)),
    merge: (calls: Merge) => ifThere(merge(ami, calls)),
    hasLeg: (leg: PhoneLeg) => ifThere(hasLeg(ami, leg)),
    onTrunksChanged: trunks.changed,
    isSilent: trunks.isSilent,
    trunks: trunkQuestions(ami),
  };
  const events = new LiveEvents({
    database,
    calls: new Calls(database, gateway, settings),
    callOn: (channel) => ifThere(callOn(ami, channel)),
    registered: gateway.registered,
    listen: (wanted) => ami.listen(wanted ? FAILURES_AND_CALLS : FAILURES),
    onError: (err) => log.warn({ err }, 'An event could not be told'),
  });
  const leases = new LeaseKeeper(db, gateway.liveCalls);
  leases.start((err) => log.warn({ err }, 'Leases of lost calls could not be ended'));
  return { gateway, events, stop };
}

function trunkQuestions(ami: AmiClient): TrunkQuestions {
  return {
    hostHealth: (id, contact) => ifThere(hostHealth(ami, id, contact)),
    askHosts: (id) => ifThere(askHosts(ami, id).then(() => true)),
    registrationStates: () => ifThere(registrationStates(ami)),
    registerNow: (name) => ifThere(registerNow(ami, name).then(() => true)),
    callsOn: (id) => ifThere(callsOn(ami, id)),
  };
}

/** @returns the gateway's answer; `undefined` where it can't be asked */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AmiError) return undefined;
    throw error;
  }
}

async function prepare(database: Database, config: ServerConfig): Promise<void> {
  try {
    await migrate(database);
    await replaceGatewayViews(database, config.settings);
    const { settings, topology } = config;
    const carrier = { host: topology.trunk, isSimulated: settings.HANDSET_TRUNK === undefined };
    await prepareTrunks(database, settings.HANDSET_DOMAIN, carrier, resolveHosts);
    await new ApiKeys(database).ensureFirst(config.secrets.apiKey);
  } catch (error) {
    if (error instanceof StartError || !isUnavailable(error)) throw error;
    throw new StartError(`The database can't be reached (${(error as Error).message}); is it running?`);
  }
  await warmPasswords();
}
