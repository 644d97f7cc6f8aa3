import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import type { Conferences } from './conferences.ts';

/** One person and three far ends: more than that nobody keeps apart by ear. */
const MOST_CALLS = 3;

const mergeBody = z
  .strictObject({
    calls: z
      .array(z.string().regex(/^[\x21-\x7e]{1,255}$/, 'is not a SIP Call-ID'), {
        error: 'must be SIP Call-IDs',
      })
      .min(2, 'must be at least two')
      .max(MOST_CALLS, `must be at most ${MOST_CALLS}`)
      .refine((calls) => new Set(calls).size === calls.length, 'must be different calls')
      .meta({ description: 'The SIP Call-IDs of the phone’s own legs' }),
  })
  .meta({ id: 'Merge' });

export function conferenceRoutes(conferences: Conferences): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/phone/conferences',
      operationId: 'mergeCalls',
      summary: 'Merge calls of this phone into a conference',
      description:
        'The gateway mixes them; each stays a call of this phone, with its own record, and is dropped by hanging it up. ' +
        'Where one of them is in a conference already, the others come to it. A phone leaves a conference to the others ' +
        'by a BYE with `Reason: Q.850;cause=31` in each of its calls.',
      tag: 'Phone',
      auth: 'phone',
      body: mergeBody,
      bodyExample: { calls: ['q2lmp6k3u8n1t7b0v5ss', '5f1c0f9e-0d63-4a57-9f0e-6b6d2f4f9c11'] },
      responses: { 204: { description: 'They hear each other' } },
      problems: ['no-such-call', 'in-two-conferences', 'gateway-unavailable'],
      handle: ({ principal, body, change }) =>
        change(async (work) => {
          await conferences.merge(work, principal, body.calls);
          return { status: 204 };
        }),
    }),
  ];
}
