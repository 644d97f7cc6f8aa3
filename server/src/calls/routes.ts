import { z } from 'zod';
import type { AdmissionWorld } from '../admission/snapshot.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, plainText, timestamp } from '../http/text.ts';
import { extensionSchema, userExample, userIdSchema } from '../users/schemas.ts';
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

const placeBody = z
  .strictObject({
    userId: userIdSchema.optional(),
    extension: extensionSchema.optional().meta({ description: 'In place of `userId`' }),
    to: plainText(64).meta({ description: 'As people type it', example: '+12025550101' }),
  })
  .refine(({ userId, extension }) => (userId === undefined) !== (extension === undefined), {
    path: ['userId'],
    message: 'must be given, or extension in its place',
  });

function placeCall(calls: Calls, world: AdmissionWorld): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/calls',
    operationId: 'placeCall',
    summary: 'Have a user’s phone ring, and then call a number',
    description:
      'The phone shows the number while it rings, and calls it once it is answered: as the user’s own call, with their ' +
      'permissions, limits and number. It is then in the list of calls, and at its end in the call records.',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:write',
    body: placeBody,
    bodyExample: { userId: userExample.id, to: '+12025550101' },
    responses: {
      201: {
        description: 'The call',
        schema: callSchema,
        example: { ...example, state: 'ringing', deviceId: null },
      },
    },
    problems: ['no-such-user', 'user-disabled', 'call-refused', 'gateway-unavailable'],
    handle: ({ body: { userId, extension = '', to }, change }) =>
      change(async (work) => {
        const caller = userId === undefined ? { extension } : { userId };
        return { status: 201, body: await calls.place(work, caller, to, world) };
      }),
  });
}

export function callRoutes(calls: Calls, world: AdmissionWorld): Route[] {
  return [
    placeCall(calls, world),
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
