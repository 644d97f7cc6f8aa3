import { type Apps, createApps } from '../app.ts';
import { EventLog } from '../events/event-log.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/** The routes of this very server, as declared. */
export function routesOf({ config, running }: ServerUnderTest): Apps['routes'] {
  const nothing = async () => undefined;
  const gateway = {
    isConnected: () => false,
    onRevoked: () => {},
    onBansChanged: () => {},
    registered: nothing,
    liveCalls: nothing,
    hangUp: nothing,
    ringAndCall: nothing,
    merge: nothing,
    hasLeg: nothing,
    onTrunksChanged: () => {},
    isSilent: () => false,
    trunks: {
      hostHealth: nothing,
      askHosts: nothing,
      registrationStates: nothing,
      registerNow: nothing,
      callsOn: nothing,
    },
  };
  return createApps({
    config,
    database: running.database,
    log: createLog('silent'),
    metrics: createMetrics({ isGatewayConnected: () => false }),
    gateway,
    events: new EventLog({ epoch: () => '', onWanted: nothing }),
    checkReplies: true,
  }).routes;
}
