import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { SESSION_COOKIE } from './auth.ts';
import { type ProblemName, problemSchema, problems, problemType } from './problem.ts';
import { defineRoute, isRepeatable, type Route, scopesOf } from './route.ts';

/** For API keys the scope that is needed; an admin's session may do all that keys may. */
function security(route: Route): Record<string, string[]>[] {
  switch (route.auth) {
    case 'none':
      return [];
    case 'operator':
      return [...scopesOf(route).map((scope) => ({ apiKey: [scope] })), { session: [] }];
    case 'person':
      return [{ session: [] }];
    case 'phone':
      return [{ session: [] }, { phoneToken: [] }];
    case 'gateway':
      return [{ internalToken: [] }];
  }
}

const repeatHeader = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .meta({
      description:
        'Any text of your own, such as a UUID: a request sent again with it within 24 hours is done once, and gets ' +
        'the first reply with `Idempotency-Replayed: true`. A request that failed is tried anew.',
    }),
});

const about =
  'Users, telephone numbers, calls, sign-in and the phone’s configuration. Errors are problems as in RFC 9457; ' +
  'their `type` is stable, and one of these:';

function problemList(): string {
  const lines = Object.entries(problems).map(
    ([name, { status, title }]) => `- \`${problemType(name as ProblemName)}\` (${status}): ${title}`,
  );
  return lines.join('\n');
}

/** The OpenAPI 3.1 document of these routes: made from the very schemas that validate. */
export function openApiDocument(routes: readonly Route[], serverUrl: string) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Handset',
      version: '1',
      description: `${about}\n\n${problemList()}`,
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An operator’s API key' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'A signed-in person' },
        phoneToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Of `createPhoneToken`, from a page of any origin',
        },
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, description, tag, body } = route;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: security(route),
    requestParams: parameters(route),
    ...(body && { requestBody: { required: true, content: bodyContent(route, body) } }),
    responses: { ...successes(route), ...failures(route) },
  };
}

function parameters(route: Route) {
  const { params, query } = route;
  return {
    ...(params && { path: params }),
    ...(query && { query }),
    ...(isRepeatable(route) && { header: repeatHeader }),
  };
}

function bodyContent({ bodyExample, textBody }: Route, body: z.ZodType) {
  if (!textBody) return { 'application/json': { schema: body, example: bodyExample } };
  const texts = Object.entries(textBody.types).map(([type, example]) => [
    type,
    { schema: z.string(), example },
  ]);
  return Object.fromEntries(texts);
}

function successes(route: Route): ZodOpenApiResponsesObject {
  const all = Object.entries(route.responses).map(
    ([status, { description, schema, contentType, example }]) => {
      if (schema === undefined) return [status, { description }];
      const media = { schema, ...(example !== undefined && { example }) };
      return [status, { description, content: { [contentType ?? 'application/json']: media } }];
    },
  );
  return Object.fromEntries(all);
}

/** Every problem a route may answer with: its own, and those that follow from what it takes. */
export function problemsOf(route: Route): readonly ProblemName[] {
  const takesInput = route.params ?? route.query ?? route.body;
  return [
    ...(takesInput ? (['invalid-request'] as const) : []),
    ...(route.body && !route.textBody ? (['malformed-json'] as const) : []),
    ...(route.body ? (['body-too-large', 'unsupported-media-type'] as const) : []),
    ...(route.auth === 'none' ? [] : (['not-authenticated'] as const)),
    ...(route.auth === 'operator' ? (['not-allowed', 'cross-site'] as const) : []),
    ...(route.auth === 'person' || route.auth === 'phone' || route.sameSiteOnly
      ? (['cross-site'] as const)
      : []),
    ...(isRepeatable(route) ? (['invalid-request', 'idempotency-key-reused'] as const) : []),
    ...(isRepeatable(route) && route.showsSecret ? (['reply-not-kept'] as const) : []),
    ...(route.problems ?? []),
  ];
}

function failures(route: Route): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set(problemsOf(route)), (name) => problems[name].status);
  const all = [...byStatus].map(([status, names]) => {
    const description = names.map((name) => `\`${problemType(name)}\`: ${problems[name].title}`).join('; ');
    const [first] = names;
    const example = first && {
      type: problemType(first),
      title: problems[first].title,
      status,
      detail: problems[first].title,
    };
    const media = { schema: problemSchema, example };
    return [status, { description, content: { 'application/problem+json': media } }];
  });
  return Object.fromEntries(all);
}

/** The document as a route; it is in the document too. */
export function openApiRoute(documented: readonly Route[], serverUrl: string): Route {
  let text: string | undefined;
  const route: Route = defineRoute({
    method: 'get',
    path: '/v1/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This document',
    tag: 'System',
    auth: 'none',
    responses: {
      200: {
        description: 'OpenAPI 3.1',
        schema: z.looseObject({ openapi: z.string() }),
        example: { openapi: '3.1.1' },
      },
    },
    async handle() {
      text ??= JSON.stringify(openApiDocument([...documented, route], serverUrl));
      return { status: 200, body: JSON.parse(text) };
    },
  });
  return route;
}
