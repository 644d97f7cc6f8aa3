import { z } from 'zod';
import { faultyField } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import {
  extensionSchema,
  loginSchema,
  nameSchema,
  passwordSchema,
  userExample,
  userIdSchema,
  userSchema,
} from './schemas.ts';
import type { Position, User, Users } from './users.ts';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

const byId = z.strictObject({ id: userIdSchema });
const one = { description: 'The user', schema: userSchema, example: userExample };
const page = z
  .strictObject({
    users: z.array(userSchema),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Give it as `cursor` for the next page; null on the last' }),
  })
  .meta({ id: 'UserPage' });

/** @param onRevoked called when a change ended sessions, so that the gateway is told */
export function userRoutes(users: Users, onRevoked: () => void): Route[] {
  return [createUser(users), listUsers(users), getUser(users), updateUser(users, onRevoked)];
}

function createUser(users: Users): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/users',
    operationId: 'createUser',
    summary: 'Create a user',
    description: 'An extension is given where none is chosen.',
    tag: 'Users',
    auth: 'operator',
    body: z.strictObject({
      name: nameSchema,
      login: loginSchema,
      password: passwordSchema,
      extension: extensionSchema.optional(),
    }),
    bodyExample: { name: 'Ada Lovelace', login: 'ada', password: 'correct horse battery' },
    responses: { 201: { ...one, example: { ...userExample, number: null } } },
    problems: ['login-taken', 'extension-taken', 'no-extension-left'],
    async handle({ body }) {
      const user = await users.create(body);
      return { status: 201, body: user, headers: { Location: `/v1/users/${user.id}` } };
    },
  });
}

function listUsers(users: Users): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/users',
    operationId: 'listUsers',
    summary: 'List users, or find one by login',
    tag: 'Users',
    auth: 'operator',
    query: z.strictObject({
      login: loginSchema.optional(),
      limit: z.coerce
        .number({ error: 'must be a number' })
        .int('must be a whole number')
        .min(1, 'must be at least 1')
        .max(PAGE_MAX, `must be at most ${PAGE_MAX}`)
        .default(PAGE_DEFAULT),
      cursor: z.string({ error: 'must be given once' }).max(200, 'is not a cursor').optional(),
    }),
    responses: {
      200: { description: 'A page of users', schema: page, example: { users: [userExample], next: null } },
    },
    async handle({ query: { login, limit, cursor } }) {
      const after = cursor === undefined ? undefined : positionOf(cursor);
      // One more than asked for tells whether there is a next page.
      const found = await users.list({ login, limit: limit + 1, after });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        status: 200,
        body: { users: page, next: last && found.length > limit ? cursorOf(last) : null },
      };
    },
  });
}

function getUser(users: Users): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/users/{id}',
    operationId: 'getUser',
    summary: 'Read a user',
    tag: 'Users',
    auth: 'operator',
    params: byId,
    responses: { 200: one },
    problems: ['no-such-user'],
    handle: async ({ params }) => ({ status: 200, body: await users.get(params.id) }),
  });
}

function updateUser(users: Users, onRevoked: () => void): Route {
  return defineRoute({
    method: 'patch',
    path: '/v1/users/{id}',
    operationId: 'updateUser',
    summary: 'Change name or password',
    description: 'A new password signs the user out on every device and ends their calls there.',
    tag: 'Users',
    auth: 'operator',
    params: byId,
    body: z.strictObject({ name: nameSchema.optional(), password: passwordSchema.optional() }),
    bodyExample: { name: 'Ada King' },
    responses: { 200: { ...one, example: { ...userExample, name: 'Ada King' } } },
    problems: ['no-such-user'],
    async handle({ params, body }) {
      if (await users.update(params.id, body)) onRevoked();
      return { status: 200, body: await users.get(params.id) };
    },
  });
}

function cursorOf({ createdAt, id }: User): string {
  return Buffer.from(`${Date.parse(createdAt)}.${id}`).toString('base64url');
}

function positionOf(cursor: string): Position {
  const [, createdAt, id] =
    /^(\d{1,15})\.([a-z0-9]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdAt === undefined || id === undefined)
    throw faultyField('query.cursor', 'is not a cursor of this list');
  return { createdAt: Number(createdAt), id };
}
