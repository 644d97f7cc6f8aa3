import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, plainText, timestamp } from '../http/text.ts';
import type { Bans } from './bans.ts';

const addressSchema = z
  .string()
  .meta({ description: 'An IPv4 address, or an IPv6 network', example: '203.0.113.7' });

const banSchema = z
  .strictObject({
    id: idSchema,
    address: addressSchema,
    failures: z.int().meta({ description: 'Failed SIP authentications that led to it' }),
    createdAt: timestamp,
    expiresAt: timestamp,
  })
  .meta({
    id: 'Ban',
    description:
      'The gateway answers 403 to whatever this address sends over UDP, TCP or TLS. Phones in browsers are not ' +
      'touched: they come from the proxy, and by a sign-in.',
  });

const example = {
  id: 'ba5f0c2a9be1d84c7f9a3e6b10',
  address: '203.0.113.7',
  failures: 20,
  createdAt: '2026-01-31T09:30:00.000Z',
  expiresAt: '2026-01-31T09:40:00.000Z',
};

/** @param onLifted called when there is a ban less, so that the gateway is told */
export function banRoutes(bans: Bans, onLifted: () => void): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/bans',
      operationId: 'listBans',
      summary: 'List the addresses that are banned now, the latest first',
      tag: 'Bans',
      auth: 'operator',
      scope: 'bans:read',
      query: z.strictObject({
        ...pageQuery,
        address: plainText(100).optional().meta({ description: 'Only this one, as the list has it' }),
      }),
      responses: {
        200: {
          description: 'A page of bans',
          schema: z.strictObject({ bans: z.array(banSchema), next: nextCursor }).meta({ id: 'BanPage' }),
          example: { bans: [example], next: null },
        },
      },
      handle: async ({ query }) => ({ status: 200, body: await bans.list(query) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/bans/{id}',
      operationId: 'liftBan',
      summary: 'Lift a ban',
      description: 'The gateway hears the address again within a second, and counts its failures anew.',
      tag: 'Bans',
      auth: 'operator',
      scope: 'bans:write',
      params: z.strictObject({ id: idSchema }),
      responses: { 204: { description: 'Lifted' } },
      problems: ['no-such-ban'],
      handle: ({ params, change }) =>
        change(async (work) => {
          await bans.lift(work, params.id);
          work.afterCommit(onLifted);
          return { status: 204 };
        }),
    }),
  ];
}
