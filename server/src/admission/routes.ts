import type { Country } from '@handset/gateway-config';
import { z } from 'zod';
import type { Db } from '../db/database.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { type Decision, decide } from './decide.ts';
import { loadSnapshot } from './snapshot.ts';

const text = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
    .max(max, `must have at most ${max} characters`)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'must not have control characters');

const requestSchema = z.strictObject({
  callId: text(128).meta({ description: "The gateway's id of the call (linkedid)" }),
  extension: text(32).meta({ description: 'Extension of the authenticated caller' }),
  dialed: text(256).meta({ description: 'What was dialled, as it was sent' }),
});

const decisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('trunk'),
    number: z.string(),
    callerId: z.string(),
    callerName: z.string(),
    attempts: z.array(z.string()).min(1),
    maxDurationMs: z.int(),
  }),
  z.strictObject({ decision: z.literal('internal'), extension: z.string() }),
  z.strictObject({
    decision: z.literal('refuse'),
    reason: z.enum(['number-invalid', 'number-not-found', 'not-permitted', 'no-caller-id']),
  }),
]);

export interface AdmissionContext {
  readonly db: Db;
  readonly country: Country;
  readonly onDecision: (decision: Decision, callId: string) => void;
}

/** The gateway's question before an outgoing call; private listener only. */
export function admissionRoutes({ db, country, onDecision }: AdmissionContext): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/internal/admissions',
      operationId: 'admitCall',
      summary: 'Whether and where an outgoing call may go',
      tag: 'Gateway',
      auth: 'gateway',
      body: requestSchema,
      bodyExample: { callId: '1769851800.17', extension: '1001', dialed: '202 555 0101' },
      responses: {
        200: {
          description: 'The decision',
          schema: decisionSchema,
          example: {
            decision: 'trunk',
            number: '+12025550101',
            callerId: '+12025550150',
            callerName: 'Ada Lovelace',
            attempts: ['trunk'],
            maxDurationMs: 14_400_000,
          },
        },
      },
      async handle({ body }) {
        const decision = decide(body, await loadSnapshot(db, body, country));
        onDecision(decision, body.callId);
        return { status: 200, body: decision };
      },
    }),
  ];
}
