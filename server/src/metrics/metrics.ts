import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** All that is measured. One registry a server, so that several fit into one process (tests). */
export interface Metrics {
  readonly registry: Registry;
  /** Measures each request by its route's pattern. */
  readonly middleware: RequestHandler;
  countAdmission(decision: string, reason: string): void;
  /** @param way `sip` (UDP, TCP or TLS) or `websocket` */
  countAuthFailure(way: string): void;
  countBan(): void;
}

/** @param state read whenever the measurements are asked for */
export function createMetrics(state: { isGatewayConnected: () => boolean }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'handset_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const admissions = new Counter({
    name: 'handset_admissions_total',
    help: 'Admissions of outgoing calls, by decision and reason of refusal',
    labelNames: ['decision', 'reason'],
    registers: [registry],
  });
  const authFailures = new Counter({
    name: 'handset_sip_auth_failures_total',
    help: 'SIP authentications that failed, by the way in',
    labelNames: ['way'],
    registers: [registry],
  });
  const bans = new Counter({
    name: 'handset_bans_total',
    help: 'Addresses that were banned',
    registers: [registry],
  });
  new Gauge({
    name: 'handset_gateway_manager_connected',
    help: '1 while the gateway’s manager interface (AMI) is connected',
    registers: [registry],
    collect() {
      this.set(state.isGatewayConnected() ? 1 : 0);
    },
  });
  return {
    registry,
    middleware: timing(durations),
    countAdmission: (decision, reason) => admissions.inc({ decision, reason }),
    countAuthFailure: (way) => authFailures.inc({ way }),
    countBan: () => bans.inc(),
  };
}

function timing(durations: Histogram<'route' | 'method' | 'status'>): RequestHandler {
  return (request, response, next) => {
    const stop = durations.startTimer();
    response.on('finish', () => {
      const { route } = response.locals;
      // Addresses that are no route share one label: a scanner must not grow the list.
      stop({
        route: typeof route === 'string' ? route : 'none',
        method: typeof route === 'string' ? request.method : 'any',
        status: response.statusCode,
      });
    });
    next();
  };
}
