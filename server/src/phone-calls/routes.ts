import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { sipCallIdSchema } from '../http/text.ts';
import type { PhoneCalls } from './phone-calls.ts';

const phoneCallSchema = z
  .strictObject({
    live: z.boolean().meta({ description: 'Whether it rings or is answered' }),
  })
  .meta({ id: 'PhoneCall', description: 'A call of a phone, as the gateway has it at this moment' });

export function phoneCallRoutes(calls: PhoneCalls): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/phone/calls/{callId}',
      operationId: 'askForPhoneCall',
      summary: 'Ask whether a call of this phone is still there',
      description:
        'For a phone whose connection was lost while it rang: that the caller has given up since could not be told to it.',
      tag: 'Phone',
      auth: 'phone',
      params: z.strictObject({ callId: sipCallIdSchema }),
      responses: { 200: { description: 'Whether it is', schema: phoneCallSchema, example: { live: true } } },
      problems: ['gateway-unavailable'],
      handle: async ({ principal, params }) => ({
        status: 200,
        body: { live: await calls.isLive(principal, params.callId) },
      }),
    }),
  ];
}
