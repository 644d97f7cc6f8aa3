import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, timestamp } from '../http/text.ts';
import { userExample } from '../users/schemas.ts';
import type { Calls } from './calls.ts';

const callIdSchema = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is not the id of a call')
  .meta({ description: 'The same as that of its record', example: '1769851800.17' });

const callSchema = z
  .strictObject({
    id: callIdSchema,
    state: z.enum(['ringing', 'answered']),
    direction: z.enum(['inbound', 'outbound', 'internal']).nullable(),
    extension: z.string().nullable(),
    user: z.strictObject({ id: idSchema, name: z.string() }).nullable(),
    deviceId: idSchema.nullable().meta({ description: 'The one that called' }),
    number: z.string().nullable().meta({ description: 'The other party' }),
    ownNumber: z.string().nullable(),
    startedAt: timestamp.nullable(),
  })
  .meta({ id: 'Call', description: 'A call that rings or is up' });

const example = {
  id: '1769851800.17',
  state: 'answered' as const,
  direction: 'outbound' as const,
  extension: '1001',
  user: { id: userExample.id, name: 'Ada Lovelace' },
  deviceId: 'de1f0c2a9be1d84c7f9a3e6b10',
  number: '+12025550101',
  ownNumber: '+12025550150',
  startedAt: '2026-01-31T09:30:00.000Z',
};

export function callRoutes(calls: Calls): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/calls',
      operationId: 'listCalls',
      summary: 'The calls that ring or are up now',
      description: 'Those that ended are call records.',
      tag: 'Calls',
      auth: 'operator',
      scope: 'calls:read',
      query: z.strictObject({ state: z.enum(['active'], { error: 'must be active' }).default('active') }),
      responses: {
        200: {
          description: 'The calls',
          schema: z.strictObject({ calls: z.array(callSchema) }).meta({ id: 'Calls' }),
          example: { calls: [example] },
        },
      },
      problems: ['gateway-unavailable'],
      handle: async () => ({ status: 200, body: { calls: await calls.active() } }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/calls/{id}',
      operationId: 'hangUpCall',
      summary: 'Hang a call up',
      tag: 'Calls',
      auth: 'operator',
      scope: 'calls:write',
      params: z.strictObject({ id: callIdSchema }),
      responses: { 204: { description: 'It ends' } },
      problems: ['no-such-call', 'gateway-unavailable'],
      handle: ({ params, change }) =>
        change(async (work) => {
          await calls.hangUp(work, params.id);
          return { status: 204 };
        }),
    }),
  ];
}
