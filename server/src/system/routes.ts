import { sql } from 'kysely';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';

export interface Health {
  readonly database: Database;
  readonly isGatewayConnected: () => boolean;
}

const gatewayState = z.enum(['connected', 'disconnected']);

/** On both listeners: whether the process lives, and whether it can do its work. */
export function healthRoutes(health: Health): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/healthz',
      operationId: 'isAlive',
      summary: 'Whether the server runs',
      tag: 'System',
      auth: 'none',
      responses: {
        200: {
          description: 'It runs',
          schema: z.strictObject({ status: z.literal('ok') }),
          example: { status: 'ok' },
        },
      },
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    readiness(health),
  ];
}

function readiness({ database, isGatewayConnected }: Health): Route {
  return defineRoute({
    method: 'get',
    path: '/readyz',
    operationId: 'isReady',
    summary: 'Whether the server can do its work',
    description:
      'The gateway’s manager interface is told but not needed: without it all but ending calls works.',
    tag: 'System',
    auth: 'none',
    responses: {
      200: {
        description: 'It can',
        schema: z.strictObject({ status: z.literal('ready'), gateway: gatewayState }),
        example: { status: 'ready', gateway: 'connected' },
      },
    },
    problems: ['unavailable'],
    async handle() {
      try {
        await sql`select 1`.execute(database.db);
      } catch {
        throw new Problem('unavailable', 'The database can’t be reached.');
      }
      return {
        status: 200,
        body: { status: 'ready', gateway: isGatewayConnected() ? 'connected' : 'disconnected' },
      };
    },
  });
}

/** For Prometheus, on the private listener. */
export function metricsRoutes(registry: Registry): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/metrics',
      operationId: 'getMetrics',
      summary: 'Measurements, in Prometheus’ text format',
      tag: 'System',
      auth: 'none',
      responses: {
        200: { description: 'The measurements', schema: z.string(), contentType: registry.contentType },
      },
      handle: async () => ({ status: 200, body: await registry.metrics() }),
    }),
  ];
}
