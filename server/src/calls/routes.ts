import { z } from 'zod';
import type { AdmissionWorld } from '../admission/snapshot.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, plainText, timestamp } from '../http/text.ts';
import { extensionSchema, userExample, userIdSchema } from '../users/schemas.ts';
import { callIdSchema } from './call-id.ts';
import type { Calls } from './calls.ts';

const byId = z.strictObject({ id: callIdSchema });

const directionSchema = z.enum(['inbound', 'outbound', 'internal'], {
  error: 'must be inbound, outbound or internal',
});

const callSchema = z
  .strictObject({
    id: callIdSchema,
    state: z.enum(['ringing', 'answered']),
    direction: directionSchema.nullable(),
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
    problems: ['no-such-user', 'user-disabled', 'no-phone', 'call-refused', 'gateway-unavailable'],
    handle: ({ body: { userId, extension = '', to }, change }) =>
      change(async (work) => {
        const caller = userId === undefined ? { extension } : { userId };
        return { status: 201, body: await calls.place(work, caller, to, world) };
      }),
  });
}

export function callRoutes(calls: Calls, world: AdmissionWorld): Route[] {
  return [placeCall(calls, world), listCalls(calls), getCall(calls), hangUpCall(calls)];
}

function listCalls(calls: Calls): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/calls',
    operationId: 'listCalls',
    summary: 'The calls that ring or are up now, the last one first',
    description: 'Those that ended are call records.',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:read',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['active'], { error: 'must be active' }).default('active'),
      userId: userIdSchema.optional(),
      extension: extensionSchema.optional(),
      direction: directionSchema.optional(),
    }),
    responses: {
      200: {
        description: 'A page of calls',
        schema: z.strictObject({ calls: z.array(callSchema), next: nextCursor }).meta({ id: 'CallPage' }),
        example: { calls: [example], next: null },
      },
    },
    problems: ['gateway-unavailable'],
    handle: async ({ query }) => ({ status: 200, body: await calls.list(query) }),
  });
}

function getCall(calls: Calls): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/calls/{id}',
    operationId: 'getCall',
    summary: 'A call that rings or is up now',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:read',
    params: byId,
    responses: { 200: { description: 'The call', schema: callSchema, example } },
    problems: ['no-such-call', 'gateway-unavailable'],
    handle: async ({ params }) => ({ status: 200, body: await calls.get(params.id) }),
  });
}

function hangUpCall(calls: Calls): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/calls/{id}',
    operationId: 'hangUpCall',
    summary: 'Hang a call up',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:write',
    params: byId,
    responses: { 204: { description: 'It ends' } },
    problems: ['no-such-call', 'gateway-unavailable'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await calls.hangUp(work, params.id);
        return { status: 204 };
      }),
  });
}
