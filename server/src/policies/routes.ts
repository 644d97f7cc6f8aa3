import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, plainText, timestamp } from '../http/text.ts';
import type { Policies } from './policies.ts';
import { DEFAULT_RULES, rulesShape } from './rules.ts';

const nameSchema = plainText(120).meta({ example: 'Sales' });

const policySchema = z
  .strictObject({
    id: idSchema,
    name: nameSchema,
    isDefault: z.boolean().meta({ description: 'Whether users without a policy have this one' }),
    ...rulesShape,
    createdAt: timestamp,
  })
  .meta({
    id: 'Policy',
    description:
      'Who may call where, and how much. The most specific prefix decides, a denied one before an allowed one of the ' +
      'same length; without any the country does. Premium and satellite numbers must be named by `premiumPrefixes`.',
  });

const example = {
  id: 'po5f0c2a9be1d84c7f9a3e6b10',
  name: 'Sales',
  isDefault: false,
  ...DEFAULT_RULES,
  allowedCountries: ['home', 'GB'],
  concurrentCalls: 2,
  spendPerDay: '12.50',
  createdAt: '2026-01-31T09:30:00.000Z',
};
const one = { description: 'The policy', schema: policySchema, example };
const byId = z.strictObject({ id: idSchema });

const withDefaults = z.strictObject({
  name: nameSchema,
  allowedCountries: rulesShape.allowedCountries.default(DEFAULT_RULES.allowedCountries),
  deniedCountries: rulesShape.deniedCountries.default([]),
  allowedPrefixes: rulesShape.allowedPrefixes.default([]),
  deniedPrefixes: rulesShape.deniedPrefixes.default([]),
  premiumPrefixes: rulesShape.premiumPrefixes.default([]),
  concurrentCalls: rulesShape.concurrentCalls.default(null),
  callsPerMinute: rulesShape.callsPerMinute.default(null),
  minutesPerDay: rulesShape.minutesPerDay.default(null),
  spendPerDay: rulesShape.spendPerDay.default(null),
  maxCallMinutes: rulesShape.maxCallMinutes.default(DEFAULT_RULES.maxCallMinutes),
});

export function policyRoutes(policies: Policies): Route[] {
  return [
    createPolicy(policies),
    listPolicies(policies),
    getPolicy(policies),
    updatePolicy(policies),
    deletePolicy(policies),
  ];
}

function createPolicy(policies: Policies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/policies',
    operationId: 'createPolicy',
    summary: 'Make a policy: who may call where, and how much',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:write',
    body: withDefaults,
    bodyExample: {
      name: 'Sales',
      allowedCountries: ['home', 'GB'],
      concurrentCalls: 2,
      spendPerDay: '12.50',
    },
    responses: { 201: one },
    handle: ({ body: { name, ...rules }, change }) =>
      change(async (work) => {
        const policy = await policies.create(work, name, rules);
        return { status: 201, body: policy, headers: { Location: `/v1/policies/${policy.id}` } };
      }),
  });
}

function listPolicies(policies: Policies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/policies',
    operationId: 'listPolicies',
    summary: 'List policies, the default one first',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:read',
    query: z.strictObject({
      ...pageQuery,
      name: nameSchema.optional().meta({ description: 'Only those of this name' }),
    }),
    responses: {
      200: {
        description: 'A page of policies',
        schema: z
          .strictObject({ policies: z.array(policySchema), next: nextCursor })
          .meta({ id: 'PolicyPage' }),
        example: { policies: [example], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await policies.list(query) }),
  });
}

function getPolicy(policies: Policies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/policies/{id}',
    operationId: 'getPolicy',
    summary: 'Read a policy',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:read',
    params: byId,
    responses: { 200: one },
    problems: ['no-such-policy'],
    handle: async ({ params }) => ({ status: 200, body: await policies.get(params.id) }),
  });
}

function updatePolicy(policies: Policies): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/policies/{id}',
    operationId: 'updatePolicy',
    summary: 'Change a policy, for calls from then on',
    description: 'A list that is given replaces the whole list.',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:write',
    params: byId,
    body: z.strictObject({ name: nameSchema, ...rulesShape }).partial(),
    bodyExample: { concurrentCalls: 2 },
    responses: { 200: one },
    problems: ['no-such-policy'],
    handle: ({ params, body, change }) =>
      change(async (work) => ({ status: 200, body: await policies.update(work, params.id, body) })),
  });
}

function deletePolicy(policies: Policies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/policies/{id}',
    operationId: 'deletePolicy',
    summary: 'Delete a policy that no user has',
    tag: 'Policies',
    auth: 'operator',
    scope: 'policies:write',
    params: byId,
    responses: { 204: { description: 'Deleted' } },
    problems: ['no-such-policy', 'policy-in-use'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await policies.delete(work, params.id);
        return { status: 204 };
      }),
  });
}
