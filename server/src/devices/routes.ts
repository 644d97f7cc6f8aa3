import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { flag, idSchema, timestamp } from '../http/text.ts';
import { userIdSchema } from '../users/schemas.ts';
import type { Devices } from './devices.ts';

const deviceSchema = z
  .strictObject({
    id: idSchema,
    userAgent: z.string(),
    address: z.string().meta({ description: 'Where the sign-in came from' }),
    createdAt: timestamp,
    lastSeenAt: timestamp.meta({ description: 'Its last request to this API, to the minute' }),
    expiresAt: timestamp,
    revokedAt: timestamp.nullable(),
    registered: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether the gateway could ring it now; null while the gateway can’t be asked' }),
  })
  .meta({ id: 'Device', description: 'One for each sign-in' });

const example = {
  id: 'de1f0c2a9be1d84c7f9a3e6b10',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0',
  address: '198.51.100.7',
  createdAt: '2026-01-31T09:30:00.000Z',
  lastSeenAt: '2026-01-31T11:02:00.000Z',
  expiresAt: '2026-03-02T09:30:00.000Z',
  revokedAt: null,
  registered: true,
};

const ofUser = z.strictObject({ id: userIdSchema });

/** @param onRevoked called when a session ended, so that the gateway is told */
export function deviceRoutes(devices: Devices, onRevoked: () => void): Route[] {
  return [listDevices(devices), revokeDevice(devices, onRevoked), revokeDevices(devices, onRevoked)];
}

function listDevices(devices: Devices): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/users/{id}/devices',
    operationId: 'listDevices',
    summary: 'List what a user is signed in on',
    tag: 'Devices',
    auth: 'operator',
    scope: 'devices:read',
    params: ofUser,
    query: z.strictObject({
      ...pageQuery,
      ended: flag
        .default(false)
        .meta({ description: 'Those signed out, or whose time is over, in place of the live ones' }),
    }),
    responses: {
      200: {
        description: 'A page of devices, the last sign-in first',
        schema: z
          .strictObject({ devices: z.array(deviceSchema), next: nextCursor })
          .meta({ id: 'DevicePage' }),
        example: { devices: [example], next: null },
      },
    },
    problems: ['no-such-user'],
    handle: async ({ params, query }) => ({ status: 200, body: await devices.list(params.id, query) }),
  });
}

function revokeDevice(devices: Devices, onRevoked: () => void): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/users/{id}/devices/{deviceId}',
    operationId: 'revokeDevice',
    summary: 'Sign a user out on one device',
    description:
      'Its next request is refused, and within 2 s its contact and calls end and its page asks to sign in.',
    tag: 'Devices',
    auth: 'operator',
    scope: 'devices:write',
    params: ofUser.extend({ deviceId: idSchema }),
    responses: { 204: { description: 'Signed out' } },
    problems: ['no-such-device'],
    handle: ({ params, change }) =>
      change(async (work) => {
        if (await devices.revoke(work, params.id, params.deviceId)) work.afterCommit(onRevoked);
        return { status: 204 };
      }),
  });
}

function revokeDevices(devices: Devices, onRevoked: () => void): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/users/{id}/devices',
    operationId: 'revokeDevices',
    summary: 'Sign a user out everywhere',
    tag: 'Devices',
    auth: 'operator',
    scope: 'devices:write',
    params: ofUser,
    responses: { 204: { description: 'Signed out' } },
    problems: ['no-such-user'],
    handle: ({ params, change }) =>
      change(async (work) => {
        if (await devices.revokeAll(work, params.id)) work.afterCommit(onRevoked);
        return { status: 204 };
      }),
  });
}
