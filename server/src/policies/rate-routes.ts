import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { plainText } from '../http/text.ts';
import { prefixSchema } from '../numbers/prefix.ts';
import { callingLimitsShape, changeCallingLimits, loadCallingLimits } from './calling-limits.ts';
import type { Rates } from './rates.ts';
import { amountSchema } from './rules.ts';

const limitsSchema = z.strictObject(callingLimitsShape).meta({ id: 'CallingLimits' });
const limits = {
  description: 'The limits of all calls together',
  schema: limitsSchema,
  example: {
    concurrentCalls: 100,
    callsPerMinute: null,
    minutesPerDay: null,
    spendPerDay: '250.00',
    emergencyNumbers: ['112', '911'],
  },
};

export function callingLimitRoutes({ db, dialect }: Database): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/calling-limits',
      operationId: 'getCallingLimits',
      summary: 'How much may be called in all, and the emergency numbers',
      tag: 'Policies',
      auth: 'operator',
      scope: 'policies:read',
      responses: { 200: limits },
      handle: async () => ({ status: 200, body: await loadCallingLimits(db) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/v1/calling-limits',
      operationId: 'updateCallingLimits',
      summary: 'Change how much may be called in all, or the emergency numbers',
      tag: 'Policies',
      auth: 'operator',
      scope: 'policies:write',
      body: limitsSchema.partial(),
      bodyExample: { concurrentCalls: 100, spendPerDay: '250.00' },
      responses: { 200: limits },
      handle: ({ body, change }) =>
        change(async (work) => ({ status: 200, body: await changeCallingLimits(work, dialect, body) })),
    }),
  ];
}

const nameSchema = plainText(120).meta({ example: 'United Kingdom, mobile' });
const rateSchema = z
  .strictObject({ prefix: prefixSchema, name: nameSchema, pricePerMinute: amountSchema })
  .meta({
    id: 'Rate',
    description: 'What every minute that has begun costs; the most specific prefix holds',
  });
const rate = { prefix: '+447', name: 'United Kingdom, mobile', pricePerMinute: '0.025' };
const byPrefix = z.strictObject({ prefix: prefixSchema });

export function rateRoutes(rates: Rates): Route[] {
  return [listRates(rates), getRate(rates), setRate(rates), deleteRate(rates)];
}

function listRates(rates: Rates): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/rates',
    operationId: 'listRates',
    summary: 'List what calls cost',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:read',
    query: z.strictObject({
      ...pageQuery,
      prefix: prefixSchema.optional().meta({ description: 'Those whose prefix begins so' }),
    }),
    responses: {
      200: {
        description: 'A page of rates, in the order of their prefixes',
        schema: z.strictObject({ rates: z.array(rateSchema), next: nextCursor }).meta({ id: 'RatePage' }),
        example: { rates: [rate], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await rates.list(query) }),
  });
}

function getRate(rates: Rates): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/rates/{prefix}',
    operationId: 'getRate',
    summary: 'Read the rate of a prefix',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:read',
    params: byPrefix,
    responses: { 200: { description: 'The rate', schema: rateSchema, example: rate } },
    problems: ['no-such-rate'],
    handle: async ({ params }) => ({ status: 200, body: await rates.get(params.prefix) }),
  });
}

function setRate(rates: Rates): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/rates/{prefix}',
    operationId: 'setRate',
    summary: 'Set what calls to numbers that begin so cost',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:write',
    params: byPrefix,
    body: z.strictObject({ name: nameSchema, pricePerMinute: amountSchema }),
    bodyExample: { name: rate.name, pricePerMinute: rate.pricePerMinute },
    responses: { 200: { description: 'The rate', schema: rateSchema, example: rate } },
    handle: ({ params, body, change }) =>
      change(async (work) => ({ status: 200, body: await rates.set(work, { ...params, ...body }) })),
  });
}

function deleteRate(rates: Rates): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/rates/{prefix}',
    operationId: 'deleteRate',
    summary: 'Delete a rate',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:write',
    params: byPrefix,
    responses: { 204: { description: 'Deleted' } },
    problems: ['no-such-rate'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await rates.delete(work, params.prefix);
        return { status: 204 };
      }),
  });
}
