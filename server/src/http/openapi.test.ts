import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { routesOf } from '../testing/routes-of.ts';
import { type ServerUnderTest, serverUnderTest } from '../testing/server-under-test.ts';
import { problemSchema } from './problem.ts';
import type { Route } from './route.ts';

interface Media {
  schema: object;
  example?: unknown;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};

async function documentOf(server: ServerUnderTest): Promise<Document> {
  return (await server.ask('GET', '/v1/openapi.json')).body;
}

/** A checker made from the document alone, as a client would. */
function checker(document: Document, schema: object): z.ZodType {
  const local = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(local.replaceAll('#/components/schemas/', '#/$defs/')));
}

// Each example makes a checker out of the whole document: seconds on a busy machine.
describe('the OpenAPI document', { timeout: 30_000 }, () => {
  it('has every public route, and nothing of the private listener', async () => {
    const server = await serverUnderTest();
    const { openapi, paths } = await documentOf(server);
    expect(openapi).toMatch(/^3\.1\./);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const { api } = routesOf(server);
    expect(documented.toSorted()).toEqual(api.map(({ method, path }) => `${method} ${path}`).toSorted());
    expect(documented).toContain('post /v1/sessions');
    expect(documented.join()).not.toMatch(/internal|metrics/);
  });

  it('has an operation id of its own for each, and names every parameter of its path', async () => {
    const server = await serverUnderTest();
    const { paths } = await documentOf(server);
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, methods] of Object.entries(paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
          inPath,
        );
      }
    }
  });

  it('takes an Idempotency-Key for all that changes something, but for sign-in', async () => {
    const { paths } = await documentOf(await serverUnderTest());
    const changes = Object.values(paths).flatMap((methods) =>
      Object.entries(methods).flatMap(([method, operation]) => (method === 'get' ? [] : [operation])),
    );
    const without = changes.filter(
      ({ parameters = [] }) =>
        !parameters.some(({ name, in: place }) => place === 'header' && name === 'Idempotency-Key'),
    );
    // Nobody is known yet whose key it could be, and its answer is a secret, which is not kept.
    expect(without.map(({ operationId }) => operationId)).toEqual(['signIn']);
    expect(changes.length).toBeGreaterThan(30);
  });

  it('has only valid examples, by the schemas that it shows itself', async () => {
    const server = await serverUnderTest();
    const document = await documentOf(server);
    let checked = 0;
    const check = (content: Record<string, Media> | undefined, where: string) => {
      for (const { schema, example } of Object.values(content ?? {})) {
        expect(example, where).toBeDefined();
        const { error } = checker(document, schema).safeParse(example);
        expect(error?.issues, where).toBeUndefined();
        checked += 1;
      }
    };
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) {
        check(operation.requestBody?.content, `${operation.operationId} request`);
        for (const [status, { content }] of Object.entries(operation.responses)) {
          check(content, `${operation.operationId} ${status}`);
        }
      }
    }
    expect(checked).toBeGreaterThan(40);
  });

  it('has only examples that the validating schemas take, too', async () => {
    const server = await serverUnderTest();
    const { api, internal } = routesOf(server);
    for (const route of [...api, ...internal]) {
      if (route.body && !route.textBody)
        expect(route.body.safeParse(route.bodyExample).error, route.operationId).toBeUndefined();
      for (const { schema, example, contentType } of Object.values(route.responses)) {
        if (schema && !contentType)
          expect(schema.safeParse(example).error, route.operationId).toBeUndefined();
      }
    }
  });

  it('tells each status that a route without sign-in, or with nonsense, answers', async () => {
    const server = await serverUnderTest();
    const { paths } = await documentOf(server);
    for (const route of routesOf(server).api) await answersAsDocumented(server, route, paths);
  });
});

async function answersAsDocumented(server: ServerUnderTest, route: Route, paths: Document['paths']) {
  const responses = paths[route.path]?.[route.method]?.responses ?? {};
  const path = route.path.replaceAll(/\{\w+\}/g, '-');
  const body = route.body ? { nonsense: true } : undefined;
  const asks = [
    server.ask(route.method.toUpperCase(), path, { body }),
    server.operate(route.method.toUpperCase(), path, body),
  ];
  for (const { status, body: answer } of await Promise.all(asks)) {
    expect(Object.keys(responses), `${route.operationId} answered ${status}`).toContain(String(status));
    if (status >= 400) {
      expect(problemSchema.parse(answer)).toEqual(answer);
      expect(responses[status]?.description).toContain(answer.type);
    }
  }
}
