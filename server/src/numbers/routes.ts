import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { e164Schema, userIdSchema } from '../users/schemas.ts';
import { claimNumber, importNumbers } from './bulk-routes.ts';
import { lifeRoutes } from './life-routes.ts';
import type { Numbers } from './numbers.ts';
import { prefixSchema } from './prefix.ts';
import { assignedExample, byNumber, numberExample, numberSchema, stateSchema } from './schemas.ts';

export function numberRoutes(numbers: Numbers): Route[] {
  return [
    createNumber(numbers),
    listNumbers(numbers),
    claimNumber(numbers),
    importNumbers(numbers),
    getNumber(numbers),
    deleteNumber(numbers),
    ...lifeRoutes(numbers),
  ];
}

function createNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/numbers',
    operationId: 'createNumber',
    summary: 'Add a telephone number to the inventory',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    body: z.strictObject({ e164: e164Schema }),
    bodyExample: { e164: '+12025550150' },
    responses: {
      201: { description: 'The number, available', schema: numberSchema, example: numberExample },
    },
    problems: ['number-exists'],
    handle: ({ body: { e164 }, change }) =>
      change(async (work) => {
        const [made] = await numbers.create(work, [e164]);
        return { status: 201, body: made, headers: { Location: `/v1/numbers/${encodeURIComponent(e164)}` } };
      }),
  });
}

function listNumbers(numbers: Numbers): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/numbers',
    operationId: 'listNumbers',
    summary: 'List or search the inventory',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:read',
    query: z.strictObject({
      ...pageQuery,
      prefix: prefixSchema.optional(),
      digits: z
        .string({ error: 'must be digits' })
        .regex(/^\d{1,15}$/, 'must be digits')
        .optional()
        .meta({ description: 'Digits anywhere in the number' }),
      state: stateSchema.optional(),
      userId: userIdSchema.optional(),
    }),
    responses: {
      200: {
        description: 'A page of numbers, in their own order',
        schema: z
          .strictObject({ numbers: z.array(numberSchema), next: nextCursor })
          .meta({ id: 'NumberPage' }),
        example: { numbers: [numberExample], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await numbers.list(query) }),
  });
}

function getNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/numbers/{e164}',
    operationId: 'getNumber',
    summary: 'Read a number',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:read',
    params: byNumber,
    responses: { 200: { description: 'The number', schema: numberSchema, example: assignedExample } },
    problems: ['no-such-number'],
    handle: async ({ params }) => ({ status: 200, body: await numbers.get(params.e164) }),
  });
}

function deleteNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/numbers/{e164}',
    operationId: 'deleteNumber',
    summary: 'Take a number out of the inventory',
    description: 'One that is assigned must be released first.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    responses: { 204: { description: 'It is gone' } },
    problems: ['no-such-number', 'number-assigned'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await numbers.delete(work, params.e164);
        return { status: 204 };
      }),
  });
}
