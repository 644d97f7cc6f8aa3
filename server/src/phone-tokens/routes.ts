import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { idSchema, timestamp } from '../http/text.ts';
import { userIdSchema } from '../users/schemas.ts';
import type { PhoneTokens } from './phone-tokens.ts';

const SECONDS = 300;
const SECONDS_MAX = 3_600;

const tokenSchema = z
  .strictObject({
    token: z
      .string()
      .meta({ description: 'For `Authorization: Bearer` of `GET /v1/phone-config`. Shown this once' }),
    deviceId: idSchema,
    expiresAt: timestamp,
  })
  .meta({ id: 'PhoneToken' });

export function phoneTokenRoutes(tokens: PhoneTokens): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/users/{id}/phone-tokens',
      operationId: 'createPhoneToken',
      summary: 'Make a short-lived token, with which another page’s phone works in a user’s name',
      description:
        'Each is a device of its own, as a sign-in is; with `deviceId` of an earlier one the phone goes on as the same.',
      tag: 'Phone',
      auth: 'operator',
      scope: 'phone-tokens:write',
      params: z.strictObject({ id: userIdSchema }),
      body: z.strictObject({
        seconds: z
          .int({ error: 'must be a whole number of seconds' })
          .min(1, 'must be at least 1')
          .max(SECONDS_MAX, `must be at most ${SECONDS_MAX}`)
          .default(SECONDS)
          .meta({ description: 'How long the token may be used; the phone then goes on by itself' }),
        deviceId: idSchema.optional(),
      }),
      bodyExample: { seconds: 300 },
      showsSecret: true,
      responses: {
        201: {
          description: 'The token',
          schema: tokenSchema,
          example: {
            token: 'eyJhbGciOiJIUzI1NiJ9.eyJkZXZpY2UiOiJkZTEifQ.shown-once',
            deviceId: 'de1f0c2a9be1d84c7f9a3e6b10',
            expiresAt: '2026-01-31T09:35:00.000Z',
          },
        },
      },
      problems: ['no-such-user', 'no-such-device', 'user-disabled'],
      handle: ({ params, body, change }) =>
        change(async (work) => ({ status: 201, body: await tokens.mint(work, params.id, body) })),
    }),
  ];
}
