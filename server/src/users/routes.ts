import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Operator, type Route } from '../http/route.ts';
import { allows } from '../http/scopes.ts';
import { flag, idSchema, plainText } from '../http/text.ts';
import { hashPassword } from './password.ts';
import {
  extensionSchema,
  loginSchema,
  nameSchema,
  passwordSchema,
  roleSchema,
  userExample,
  userIdSchema,
  userSchema,
} from './schemas.ts';
import type { Users } from './users.ts';

const byId = z.strictObject({ id: userIdSchema });
const one = { description: 'The user', schema: userSchema, example: userExample };

/** @param onRevoked called when a change ended sessions, so that the gateway is told */
export function userRoutes(users: Users, onRevoked: () => void): Route[] {
  return [
    createUser(users),
    listUsers(users),
    getUser(users),
    updateUser(users, onRevoked),
    deleteUser(users, onRevoked),
  ];
}

function createUser(users: Users): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/users',
    operationId: 'createUser',
    summary: 'Create a user',
    description: 'An extension is given where none is chosen. The role `admin` needs a key with that scope.',
    tag: 'Users',
    auth: 'operator',
    scope: 'users:write',
    body: z.strictObject({
      name: nameSchema,
      login: loginSchema,
      password: passwordSchema,
      role: roleSchema.default('user'),
      extension: extensionSchema.optional(),
      policyId: idSchema.nullable().default(null),
    }),
    bodyExample: { name: 'Ada Lovelace', login: 'ada', password: 'correct horse battery' },
    responses: { 201: { ...one, example: { ...userExample, number: null } } },
    problems: ['login-taken', 'extension-taken', 'no-extension-left'],
    async handle({ body: { password, ...body }, principal, change }) {
      if (body.role === 'admin') needsAdmin(principal);
      const passwordHash = await hashPassword(password);
      return change(async (work) => {
        const user = await users.create(work, { ...body, passwordHash });
        return { status: 201, body: user, headers: { Location: `/v1/users/${user.id}` } };
      });
    },
  });
}

function listUsers(users: Users): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/users',
    operationId: 'listUsers',
    summary: 'List users, or find some',
    tag: 'Users',
    auth: 'operator',
    scope: 'users:read',
    query: z.strictObject({
      ...pageQuery,
      login: loginSchema.optional(),
      extension: extensionSchema.optional(),
      role: roleSchema.optional(),
      disabled: flag.optional(),
      policyId: idSchema.optional().meta({ description: 'Those who have this policy of their own' }),
      search: plainText(100).optional().meta({ description: 'Part of a name or login, in any case' }),
    }),
    responses: {
      200: {
        description: 'A page of users, in the order in which they were created',
        schema: z.strictObject({ users: z.array(userSchema), next: nextCursor }).meta({ id: 'UserPage' }),
        example: { users: [userExample], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await users.list(query) }),
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
    scope: 'users:read',
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
    summary: 'Change, disable or enable a user',
    description:
      'A new password, another extension and being disabled sign the user out on every device and end their calls.',
    tag: 'Users',
    auth: 'operator',
    scope: 'users:write',
    params: byId,
    body: z.strictObject({
      name: nameSchema.optional(),
      login: loginSchema.optional(),
      password: passwordSchema.optional(),
      role: roleSchema.optional(),
      extension: extensionSchema.optional(),
      policyId: idSchema.nullable().optional(),
      disabled: z.boolean({ error: 'must be true or false' }).optional(),
    }),
    bodyExample: { name: 'Ada King' },
    responses: { 200: { ...one, example: { ...userExample, name: 'Ada King' } } },
    problems: ['no-such-user', 'login-taken', 'extension-taken'],
    async handle({ params: { id }, body: { password, ...body }, principal, change }) {
      await needsAdminFor(users, id, principal);
      if (body.role === 'admin') needsAdmin(principal);
      const isNew = password !== undefined && (await users.isNewPassword(id, password));
      const passwordHash = isNew ? await hashPassword(password) : undefined;
      return change(async (work) => {
        const { user, toTell } = await users.update(work, id, { ...body, passwordHash });
        if (toTell) work.afterCommit(onRevoked);
        return { status: 200, body: user };
      });
    },
  });
}

function deleteUser(users: Users, onRevoked: () => void): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/users/{id}',
    operationId: 'deleteUser',
    summary: 'Delete a user',
    description:
      'Their numbers go into quarantine, and within 2 s their contacts and calls end. Records of their calls stay.',
    tag: 'Users',
    auth: 'operator',
    scope: 'users:write',
    params: byId,
    responses: { 204: { description: 'Deleted' } },
    problems: ['no-such-user'],
    handle: ({ params, principal, change }) =>
      change(async (work) => {
        await needsAdminFor(users, params.id, principal, work.tx);
        if (await users.delete(work, params.id)) work.afterCommit(onRevoked);
        return { status: 204 };
      }),
  });
}

/** Whoever can make an admin, or set an admin's password, can do what an admin can. */
function needsAdmin({ scopes }: Operator): void {
  if (!allows(scopes, 'admin')) throw new Problem('not-allowed', 'Only the scope admin may change admins.');
}

async function needsAdminFor(users: Users, id: string, operator: Operator, db?: Parameters<Users['get']>[1]) {
  if ((await users.get(id, db)).role === 'admin') needsAdmin(operator);
}
