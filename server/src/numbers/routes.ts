import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { timestamp } from '../http/text.ts';
import { e164Schema, userExample, userIdSchema } from '../users/schemas.ts';
import type { Numbers } from './numbers.ts';

const numberSchema = z
  .strictObject({
    e164: e164Schema,
    userId: userIdSchema.nullable().meta({ description: 'Whose it is; null where it is free' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Number' });

const example = { e164: '+12025550150', userId: null, createdAt: '2026-01-31T09:30:00.000Z' };
const assigned = { ...example, userId: userExample.id };
const byNumber = z.strictObject({ e164: e164Schema });

export function numberRoutes(numbers: Numbers): Route[] {
  return [createNumber(numbers), getNumber(numbers), assignNumber(numbers), releaseNumber(numbers)];
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
    responses: { 201: { description: 'The number, free', schema: numberSchema, example } },
    problems: ['number-exists'],
    handle: ({ body, change }) =>
      change(async (work) => ({
        status: 201,
        body: await numbers.create(work, body.e164),
        headers: { Location: `/v1/numbers/${encodeURIComponent(body.e164)}` },
      })),
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
    responses: { 200: { description: 'The number', schema: numberSchema, example: assigned } },
    problems: ['no-such-number'],
    handle: async ({ params }) => ({ status: 200, body: await numbers.get(params.e164) }),
  });
}

function assignNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/numbers/{e164}/assignment',
    operationId: 'assignNumber',
    summary: 'Assign a number to a user',
    description:
      'Calls to it ring that user; they call from it. A number of another user must be released first.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    body: z.strictObject({ userId: userIdSchema }),
    bodyExample: { userId: userExample.id },
    responses: { 200: { description: 'The number, assigned', schema: numberSchema, example: assigned } },
    problems: ['no-such-number', 'number-assigned'],
    handle: ({ params, body, change }) =>
      change(async (work) => ({ status: 200, body: await numbers.assign(work, params.e164, body.userId) })),
  });
}

function releaseNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/numbers/{e164}/assignment',
    operationId: 'releaseNumber',
    summary: 'Take a number from its user',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    responses: { 204: { description: 'The number is free' } },
    problems: ['no-such-number'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await numbers.release(work, params.e164);
        return { status: 204 };
      }),
  });
}
