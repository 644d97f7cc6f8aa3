import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { scopeSchema, scopes } from '../http/scopes.ts';
import { flag, idSchema, plainText, timestamp } from '../http/text.ts';
import type { ApiKeys } from './api-keys.ts';

const apiKeySchema = z
  .strictObject({
    id: idSchema,
    name: plainText(120),
    scopes: z.array(scopeSchema),
    createdAt: timestamp,
    lastUsedAt: timestamp.nullable().meta({ description: 'To the minute; null where it never was' }),
    revokedAt: timestamp.nullable(),
  })
  .meta({ id: 'ApiKey', description: 'An API key; the key itself is shown once, when it is made' });

const madeSchema = apiKeySchema
  .extend({ key: z.string().meta({ description: 'For `Authorization: Bearer`. Shown this once' }) })
  .meta({ id: 'NewApiKey' });

const example = {
  id: 'ak5f0c2a9be1d84c7f9a3e6b10',
  name: 'Shop',
  scopes: ['users:read' as const, 'numbers:write' as const],
  createdAt: '2026-01-31T09:30:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
};

/** Keys can make keys only with `admin`: any other scope could grant itself more. */
export function apiKeyRoutes(keys: ApiKeys): Route[] {
  return [listApiKeys(keys), createApiKey(keys), revokeApiKey(keys)];
}

function listApiKeys(keys: ApiKeys): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    summary: 'List API keys, the revoked ones among them',
    tag: 'API keys',
    auth: 'operator',
    scope: 'admin',
    query: z.strictObject({
      ...pageQuery,
      revoked: flag.optional().meta({ description: 'Only the revoked ones, or only the others' }),
    }),
    responses: {
      200: {
        description: 'A page of API keys',
        schema: z
          .strictObject({ apiKeys: z.array(apiKeySchema), next: nextCursor })
          .meta({ id: 'ApiKeyPage' }),
        example: { apiKeys: [example], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await keys.list(query) }),
  });
}

function createApiKey(keys: ApiKeys): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/api-keys',
    operationId: 'createApiKey',
    summary: 'Make an API key',
    tag: 'API keys',
    auth: 'operator',
    scope: 'admin',
    body: z.strictObject({
      name: plainText(120).meta({ description: 'What it is for', example: 'Shop' }),
      scopes: z
        .array(scopeSchema, { error: 'must be a list of scopes' })
        .min(1, 'must have at least one')
        .max(scopes.length, 'has some twice'),
    }),
    bodyExample: { name: 'Shop', scopes: ['users:read', 'numbers:write'] },
    showsSecret: true,
    responses: {
      201: { description: 'The key', schema: madeSchema, example: { ...example, key: 'hsk_shown-once' } },
    },
    handle: ({ body, change }) =>
      change(async (work) => ({ status: 201, body: await keys.create(work, body.name, body.scopes) })),
  });
}

function revokeApiKey(keys: ApiKeys): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'It is refused from then on, and stays in the list.',
    tag: 'API keys',
    auth: 'operator',
    scope: 'admin',
    params: z.strictObject({ id: idSchema }),
    responses: { 204: { description: 'Revoked' } },
    problems: ['no-such-api-key'],
    handle: ({ params, change }) =>
      change(async (work) => {
        await keys.revoke(work, params.id);
        return { status: 204 };
      }),
  });
}
