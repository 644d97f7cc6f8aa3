import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { sipCallIdSchema } from '../http/text.ts';
import { codecSchema } from './codecs.ts';
import { keepPhoneReport } from './phone-reports.ts';

const MAX_PACKETS = 1_000_000_000;
const MAX_MS = 60_000;

const packets = z
  .int({ error: 'must be a whole number' })
  .min(0, 'must not be negative')
  .max(MAX_PACKETS, `must be at most ${MAX_PACKETS}`);
const milliseconds = z
  .number({ error: 'must be a number' })
  .min(0, 'must not be negative')
  .max(MAX_MS, `must be at most ${MAX_MS}`);

const reportSchema = z
  .strictObject({
    codec: codecSchema.optional(),
    packetsReceived: packets,
    packetsLost: packets,
    jitterMs: milliseconds.meta({ description: 'RFC 3550 section 6.4.1' }),
    roundTripMs: milliseconds.optional().meta({ description: 'Left out where it is not known' }),
    mos: z
      .number({ error: 'must be a number' })
      .min(1, 'must be at least 1')
      .max(5, 'must be at most 5')
      .optional()
      .meta({ description: 'As the phone reckons it; else the server does, by the E-model' }),
  })
  .meta({ id: 'PhoneReport', description: 'What a phone measured of the sound that it received' });

export function callQualityRoutes(): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/phone/calls/{callId}/quality',
      operationId: 'reportCallQuality',
      summary: 'Report how a call sounded here',
      description:
        'Any time from the call’s beginning to long after its end; a later report of a call takes the place of the one ' +
        'before. Only what a phone says of its own user’s calls comes into call records.',
      tag: 'Phone',
      auth: 'phone',
      params: z.object({ callId: sipCallIdSchema }),
      body: reportSchema,
      bodyExample: {
        codec: 'opus',
        packetsReceived: 6_210,
        packetsLost: 12,
        jitterMs: 4.2,
        roundTripMs: 38,
        mos: 4.31,
      },
      responses: { 204: { description: 'It is kept' } },
      handle: ({ principal, params, body, change }) =>
        change(async (work) => {
          await keepPhoneReport(work, principal, params.callId, body);
          return { status: 204 };
        }),
    }),
  ];
}
