import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { flag, idSchema } from '../http/text.ts';
import {
  newTrunkSchema,
  trunkChangeSchema,
  trunkExample,
  trunkSchema,
  trunkWithStatusSchema,
} from './schemas.ts';
import type { TrunkStatuses } from './status.ts';
import { toTrunk } from './stored.ts';
import type { Trunks } from './trunks.ts';

const one = { description: 'The trunk', schema: trunkSchema, example: trunkExample };
const byId = z.strictObject({ id: idSchema });

export function trunkRoutes(trunks: Trunks, statuses: TrunkStatuses): Route[] {
  return [
    createTrunk(trunks),
    listTrunks(trunks),
    getTrunk(trunks, statuses),
    updateTrunk(trunks),
    deleteTrunk(trunks),
    testTrunk(trunks, statuses),
  ];
}

function createTrunk(trunks: Trunks): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/trunks',
    operationId: 'createTrunk',
    summary: 'Connect a carrier',
    description:
      'A preset gives the values that fit Twilio Elastic SIP Trunking, Telnyx, or a carrier whose registrar knows ' +
      'its customers by user name; what is given beside it holds. The gateway uses the trunk at once.',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:write',
    body: newTrunkSchema,
    bodyExample: {
      kind: 'digest',
      preset: 'twilio',
      name: 'Twilio',
      hosts: [{ host: 'example.pstn.twilio.com' }],
      username: 'handset',
      password: 'correct-horse-battery',
    },
    responses: { 201: one },
    handle: async ({ body, change }) => {
      const settings = trunks.complete(body);
      const resolved = await trunks.resolve(settings.hosts);
      return change(async (work) => {
        const trunk = await trunks.create(work, body, settings, resolved);
        return { status: 201, body: trunk, headers: { Location: `/v1/trunks/${trunk.id}` } };
      });
    },
  });
}

function listTrunks(trunks: Trunks): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/trunks',
    operationId: 'listTrunks',
    summary: 'List trunks, the oldest first',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:read',
    query: z.strictObject({
      ...pageQuery,
      kind: z
        .enum(['address', 'digest', 'registration'], { error: 'must be address, digest or registration' })
        .optional(),
      enabled: flag.optional(),
    }),
    responses: {
      200: {
        description: 'A page of trunks',
        schema: z.strictObject({ trunks: z.array(trunkSchema), next: nextCursor }).meta({ id: 'TrunkPage' }),
        example: { trunks: [trunkExample], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await trunks.list(query) }),
  });
}

const statusExample = {
  health: 'answers' as const,
  hosts: [
    {
      host: 'example.pstn.twilio.com',
      port: null,
      health: 'answers' as const,
      roundTripMs: 41.2,
      registration: null,
    },
  ],
  callsUp: 3,
};

function getTrunk(trunks: Trunks, statuses: TrunkStatuses): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/trunks/{id}',
    operationId: 'getTrunk',
    summary: 'Read a trunk and how it is',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:read',
    params: byId,
    responses: {
      200: {
        description: 'The trunk',
        schema: trunkWithStatusSchema,
        example: { ...trunkExample, status: statusExample },
      },
    },
    problems: ['no-such-trunk'],
    handle: async ({ params }) => {
      const stored = await trunks.find(params.id);
      const status = (await statuses.of(stored)) ?? null;
      return { status: 200, body: { ...toTrunk(stored), status } };
    },
  });
}

function updateTrunk(trunks: Trunks): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/trunks/{id}',
    operationId: 'updateTrunk',
    summary: 'Change a trunk, for calls from then on',
    description: 'Calls that are up go on as they are. A list that is given replaces the whole list.',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:write',
    params: byId,
    body: trunkChangeSchema,
    bodyExample: { priority: 20, channelLimit: 30 },
    responses: { 200: one },
    problems: ['no-such-trunk'],
    handle: async ({ params, body, change }) => {
      const resolved = await trunks.resolve(body.fromSettings ? [trunks.carrier] : body.hosts);
      return change(async (work) => ({
        status: 200,
        body: await trunks.update(work, params.id, body, resolved),
      }));
    },
  });
}

function deleteTrunk(trunks: Trunks): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/trunks/{id}',
    operationId: 'deleteTrunk',
    summary: 'Disconnect a carrier; calls that are up go on',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:write',
    params: byId,
    responses: { 204: { description: 'Deleted' } },
    problems: ['no-such-trunk'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await trunks.delete(work, params.id);
        return { status: 204 };
      }),
  });
}

const findingSchema = z.strictObject({
  check: z.enum(['resolves', 'answers', 'registers', 'takes-calls']),
  works: z.boolean().nullable().meta({ description: 'Null where it can’t be told' }),
  host: z.string().nullable().meta({ description: 'The host that was asked' }),
  words: z.string().meta({ description: 'What was found, for people' }),
});

function testTrunk(trunks: Trunks, statuses: TrunkStatuses): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/trunks/{id}/test',
    operationId: 'testTrunk',
    summary: 'What of a trunk works, in words',
    description:
      'Its hosts are looked up, asked by OPTIONS, and registered with anew. No call is made; the last one is ' +
      'looked at. A trunk that is not enabled is looked up and asked, too.',
    tag: 'Trunks',
    auth: 'operator',
    scope: 'trunks:write',
    params: byId,
    responses: {
      200: {
        description: 'What was found',
        schema: z
          .strictObject({ works: z.boolean(), findings: z.array(findingSchema) })
          .meta({ id: 'TrunkTest' }),
        example: {
          works: true,
          findings: [
            {
              check: 'resolves',
              works: true,
              host: 'example.pstn.twilio.com',
              words: 'The name stands for 54.172.60.0.',
            },
            {
              check: 'answers',
              works: true,
              host: 'example.pstn.twilio.com',
              words: 'It answered an OPTIONS within 41 ms.',
            },
          ],
        },
      },
    },
    problems: ['no-such-trunk', 'gateway-unavailable'],
    handle: async ({ params }) => ({
      status: 200,
      body: await statuses.test(await trunks.find(params.id)),
    }),
  });
}
